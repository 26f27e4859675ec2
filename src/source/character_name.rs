//! The characters that `\N{...}` names.

use std::sync::OnceLock;

/// Written by `tools/unicode_names.py`, in the order of the names.
static UNICODE_17: &str = include_str!("unicode_17_names.txt");
static UNICODE_17_NAMES: OnceLock<Vec<(&str, char)>> = OnceLock::new();

/// The ideographs that are new in Unicode 17.
const IDEOGRAPHS_17: [(u32, u32); 3] = [(0x2b73a, 0x2b73f), (0x2cea2, 0x2cead), (0x323b0, 0x33479)];

/// The character of a name or of an alias, in whatever case; named sequences are none. `unicode_17` says whether what is new in that
/// version counts.
///
/// CPython 3.14: `_getcode`. The names of ideographs are their numbers, without zeros in front.
pub fn character_named(name: &str, unicode_17: bool) -> Option<char> {
    if !name.is_ascii() {
        return None;
    }
    if unicode_17 && let Some(c) = named_in_unicode_17(name) {
        return Some(c);
    }
    if ideograph_number(name, "CJK UNIFIED IDEOGRAPH-").is_some_and(|number| number.starts_with('0')) {
        return None;
    }
    if let Some(number) = ideograph_number(name, "TANGUT IDEOGRAPH-") {
        return match number_of(number)? {
            value @ (0x17000..=0x187f7 | 0x18d00..=0x18d08) => char::from_u32(value),
            _ => None,
        };
    }
    unicode_names2::character(name)
}

/// The character of a name that is new in Unicode 17.
pub fn named_in_unicode_17(name: &str) -> Option<char> {
    if let Some(number) = ideograph_number(name, "CJK UNIFIED IDEOGRAPH-") {
        let value = number_of(number)?;
        return IDEOGRAPHS_17
            .iter()
            .any(|&(first, last)| (first..=last).contains(&value))
            .then(|| char::from_u32(value))?;
    }
    if let Some(number) = ideograph_number(name, "TANGUT IDEOGRAPH-") {
        return match number_of(number)? {
            value @ (0x187f8..=0x187ff | 0x18d09..=0x18d1e) => char::from_u32(value),
            _ => None,
        };
    }
    let names = UNICODE_17_NAMES.get_or_init(|| {
        let line = |line: &'static str| {
            let (number, name) = line.split_once(' ')?;
            Some((name, char::from_u32(u32::from_str_radix(number, 16).ok()?)?))
        };
        UNICODE_17.lines().filter_map(line).collect()
    });
    let name = name.to_ascii_uppercase();
    names.binary_search_by(|&(known, _)| known.cmp(&name)).ok().map(|at| names[at].1)
}

/// The number of an ideograph beyond the first plane's, or of any Tangut one.
fn number_of(digits: &str) -> Option<u32> {
    let is_plain = digits.len() == 5 && digits.bytes().all(|c| c.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| is_plain)
}

fn ideograph_number<'n>(name: &'n str, prefix: &str) -> Option<&'n str> {
    let (head, number) = name.split_at_checked(prefix.len())?;
    head.eq_ignore_ascii_case(prefix).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::character_named;

    #[test]
    fn unicode_17_has_names_of_its_own() {
        for (name, c) in [
            ("arabic letter noon with ring above", '\u{88f}'),
            ("CJK UNIFIED IDEOGRAPH-33479", '\u{33479}'),
            ("Tangut Ideograph-18D1E", '\u{18d1e}'),
        ] {
            assert_eq!(character_named(name, true), Some(c), "{name}");
            assert_eq!(character_named(name, false), None, "{name}");
        }
        assert_eq!(character_named("LATIN SMALL LETTER A", true), Some('a'));
    }
}
