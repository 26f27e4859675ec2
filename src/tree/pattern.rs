//! Regular expressions as Python's `re` writes them, for `-x`.
//!
//! The engine's own syntax is close, so a pattern is rewritten where the two differ: ends of text, escapes, sets of characters,
//! names of groups, counts, flags.

use fancy_regex::Regex;
use std::path::Path;

/// A pattern that is searched for in paths.
#[derive(Clone, Debug)]
pub struct Pattern {
    regex: Regex,
}

impl Pattern {
    /// Compiles a pattern in Python's syntax. The error is the engine's, in one line.
    pub fn new(pattern: &str) -> Result<Pattern, String> {
        let translated = Translator::new(pattern).translate()?;
        Regex::new(&translated).map(|regex| Pattern { regex }).map_err(|error| one_line(&error.to_string()))
    }

    /// Whether it is found anywhere in a path as it is shown. `re.search` of CPython.
    pub fn is_found_in(&self, path: &Path) -> bool {
        // An error means that too many ways to match were tried; Python would still be searching.
        self.regex.is_match(&path.to_string_lossy()).unwrap_or(false)
    }
}

fn one_line(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

struct Translator<'p> {
    chars: std::iter::Peekable<std::str::Chars<'p>>,
    out: String,
    /// The names of the groups that were opened so far; nothing for those without a name.
    groups: Vec<Option<String>>,
    /// `(?x)`: spaces and comments do not count.
    verbose: bool,
    /// `(?m)`: `$` is the end of a line.
    multiline: bool,
}

impl<'p> Translator<'p> {
    fn new(pattern: &'p str) -> Translator<'p> {
        Translator {
            chars: pattern.chars().peekable(),
            out: String::with_capacity(pattern.len() + 16),
            groups: Vec::new(),
            verbose: false,
            multiline: false,
        }
    }

    fn translate(mut self) -> Result<String, String> {
        while let Some(c) = self.chars.next() {
            match c {
                '\\' => self.escape()?,
                '[' => self.set()?,
                '(' => self.group()?,
                '{' => self.count(),
                // Python's `$` is also the place before an end of line that ends the text.
                '$' if !self.multiline => self.out.push_str(r"(?=\n?\z)"),
                '#' if self.verbose => while self.chars.next().is_some_and(|c| c != '\n') {},
                c if self.verbose && c.is_ascii_whitespace() => {}
                c => self.out.push(c),
            }
        }
        Ok(self.out)
    }

    /// What follows a `\` outside of a set.
    fn escape(&mut self) -> Result<(), String> {
        match self.chars.peek().copied() {
            None => return Err("bad escape (end of pattern)".to_owned()),
            Some('Z' | 'z') => {
                self.chars.next();
                self.out.push_str(r"\z");
            }
            Some(c @ ('A' | 'b' | 'B')) => {
                self.chars.next();
                self.out.extend(['\\', c]);
            }
            Some('1'..='9') => self.back_reference()?,
            Some(_) => self.character_escape()?,
        }
        Ok(())
    }

    /// `\12`: the text of a group, or three octal digits.
    fn back_reference(&mut self) -> Result<(), String> {
        let digits = self.digits(2, 10);
        if digits.len() == 2
            && let Some(third @ '0'..='7') = self.chars.peek().copied()
            && digits.chars().all(|c| c.is_digit(8))
        {
            self.chars.next();
            return self.literal(u32::from_str_radix(&format!("{digits}{third}"), 8));
        }
        // In parentheses, as a digit may follow.
        self.out.push_str(&format!(r"(?:\{digits})"));
        Ok(())
    }

    /// What follows a `\` in a set or out of it: a class or one character.
    fn character_escape(&mut self) -> Result<(), String> {
        let Some(c) = self.chars.next() else { return Err("bad escape (end of pattern)".to_owned()) };
        match c {
            'd' | 'D' | 's' | 'S' | 'w' | 'W' => self.out.extend(['\\', c]),
            'a' => self.push_literal('\x07'),
            'b' => self.push_literal('\x08'),
            'f' => self.push_literal('\x0c'),
            'n' => self.push_literal('\n'),
            'r' => self.push_literal('\r'),
            't' => self.push_literal('\t'),
            'v' => self.push_literal('\x0b'),
            'x' => return self.numbered(c, 2),
            'u' => return self.numbered(c, 4),
            'U' => return self.numbered(c, 8),
            'N' => return self.named_character(),
            '0'..='7' => {
                let digits = format!("{c}{}", self.digits(2, 8));
                return self.literal(u32::from_str_radix(&digits, 8));
            }
            c if c.is_ascii_alphanumeric() => return Err(format!("bad escape \\{c}")),
            c => self.push_literal(c),
        }
        Ok(())
    }

    fn numbered(&mut self, kind: char, length: usize) -> Result<(), String> {
        let digits = self.digits(length, 16);
        if digits.len() < length {
            return Err(format!("incomplete escape \\{kind}{digits}"));
        }
        self.literal(u32::from_str_radix(&digits, 16))
    }

    fn named_character(&mut self) -> Result<(), String> {
        let name: String = match self.chars.next() {
            Some('{') => self.chars.by_ref().take_while(|&c| c != '}').collect(),
            _ => return Err("missing {".to_owned()),
        };
        let found = unicode_names2::character(&name).ok_or_else(|| format!("undefined character name '{name}'"))?;
        self.push_literal(found);
        Ok(())
    }

    fn literal(&mut self, code_point: Result<u32, std::num::ParseIntError>) -> Result<(), String> {
        let found = code_point.ok().and_then(char::from_u32).ok_or("bad escape")?;
        self.push_literal(found);
        Ok(())
    }

    /// A character that stands for itself, in a set or out of it.
    fn push_literal(&mut self, c: char) {
        if c.is_ascii_alphanumeric() || c == '_' || !c.is_ascii() {
            self.out.push(c);
        } else {
            self.out.push_str(&format!("\\x{:02x}", u32::from(c)));
        }
    }

    fn digits(&mut self, most: usize, radix: u32) -> String {
        let mut digits = String::new();
        while digits.len() < most
            && let Some(c) = self.chars.next_if(|c| c.is_digit(radix))
        {
            digits.push(c);
        }
        digits
    }

    /// `[...]`. In Python no character but `]`, `\`, `^` and `-` means anything in it.
    fn set(&mut self) -> Result<(), String> {
        self.out.push('[');
        if self.chars.next_if_eq(&'^').is_some() {
            self.out.push('^');
        }
        let mut first = true;
        loop {
            let Some(c) = self.chars.next() else { return Err("unterminated character set".to_owned()) };
            match c {
                ']' if !first => break,
                '\\' => self.character_escape()?,
                // Between two characters a range, else itself.
                '-' if !first && self.chars.peek().is_some_and(|&c| c != ']' && c != '-') => self.out.push('-'),
                c => self.push_literal(c),
            }
            first = false;
        }
        self.out.push(']');
        Ok(())
    }

    /// What follows a `(`.
    fn group(&mut self) -> Result<(), String> {
        if self.chars.next_if_eq(&'?').is_none() {
            self.groups.push(None);
            self.out.push('(');
            return Ok(());
        }
        match self.chars.peek().copied() {
            Some('P') => {
                self.chars.next();
                self.named_group()
            }
            Some('#') => {
                self.chars.by_ref().find(|&c| c == ')').map(|_| ()).ok_or("missing ), unterminated comment".to_owned())
            }
            Some('(') => {
                self.chars.next();
                let name: String = self.chars.by_ref().take_while(|&c| c != ')').collect();
                let number = self.group_number(&name)?;
                self.out.push_str(&format!("(?({number})"));
                Ok(())
            }
            Some('a' | 'i' | 'L' | 'm' | 's' | 'u' | 'x' | '-') => {
                self.flags();
                Ok(())
            }
            // The rest is common to both: (?: (?= (?! (?<= (?<! (?>
            _ => {
                self.out.push_str("(?");
                if self.chars.next_if_eq(&'<').is_some() {
                    self.out.push('<');
                }
                Ok(())
            }
        }
    }

    /// `(?P<name>` and `(?P=name)`. Names become numbers, as the engine does not take both in one pattern.
    fn named_group(&mut self) -> Result<(), String> {
        match self.chars.next() {
            Some('<') => {
                let name: String = self.chars.by_ref().take_while(|&c| c != '>').collect();
                if self.groups.iter().flatten().any(|known| *known == name) {
                    return Err(format!("redefinition of group name '{name}'"));
                }
                self.groups.push(Some(name));
                self.out.push('(');
                Ok(())
            }
            Some('=') => {
                let name: String = self.chars.by_ref().take_while(|&c| c != ')').collect();
                let number = self.group_number(&name)?;
                self.out.push_str(&format!(r"(?:\{number})"));
                Ok(())
            }
            _ => Err("unknown extension ?P".to_owned()),
        }
    }

    fn group_number(&self, name: &str) -> Result<usize, String> {
        if let Ok(number) = name.parse() {
            return Ok(number);
        }
        let at = self.groups.iter().position(|group| group.as_deref() == Some(name));
        at.map(|at| at + 1).ok_or_else(|| format!("unknown group name '{name}'"))
    }

    /// `(?im)` and `(?i-s:`. All text is Unicode here, so `a`, `u` and `L` have no place; `x` is dealt with by this translator.
    fn flags(&mut self) {
        let mut kept = String::new();
        let mut negative = false;
        let mut end = ')';
        for c in self.chars.by_ref() {
            match c {
                '-' => {
                    negative = true;
                    kept.push('-');
                }
                'x' => self.verbose = !negative,
                'i' | 's' => kept.push(c),
                'm' => {
                    self.multiline = !negative;
                    kept.push(c);
                }
                'a' | 'L' | 'u' => {}
                other => {
                    end = other;
                    break;
                }
            }
        }
        let kept = kept.trim_end_matches('-');
        match (kept, end) {
            ("", ')') => {}
            ("", _) => self.out.push_str("(?:"),
            (kept, end) => self.out.push_str(&format!("(?{kept}{end}")),
        }
    }

    /// `{2,3}`; any other brace stands for itself.
    fn count(&mut self) {
        let rest: String = self.chars.clone().take_while(|&c| c != '}').collect();
        let closed = self.chars.clone().nth(rest.chars().count()) == Some('}');
        let (low, high) = match rest.split_once(',') {
            Some((low, high)) => (low, Some(high)),
            None => (rest.as_str(), None),
        };
        let is_number = |text: &str| text.chars().all(|c| c.is_ascii_digit());
        let counts = closed && is_number(low) && high.is_none_or(is_number) && (high.is_some() || !low.is_empty());
        if !counts {
            return self.out.push_str(r"\{");
        }
        let low = if low.is_empty() { "0" } else { low };
        match high {
            Some(high) => self.out.push_str(&format!("{{{low},{high}}}")),
            None => self.out.push_str(&format!("{{{low}}}")),
        }
        self.chars.by_ref().nth(rest.chars().count());
    }
}

#[cfg(test)]
mod tests {
    use super::Pattern;
    use std::path::Path;

    fn found(pattern: &str, text: &str) -> bool {
        Pattern::new(pattern).unwrap_or_else(|error| panic!("{pattern}: {error}")).is_found_in(Path::new(text))
    }

    #[test]
    fn finds_what_python_finds() {
        // Each line was checked with `re.search` of CPython 3.14.
        let matches = [
            (r"ba[^\\/]*$", "foo/bar.py"),
            (r"/(?:tests?|vendor)/", "a/tests/b.py"),
            (r"(?<!good)_bad\.py\Z", "x_bad.py"),
            (r"(?P<a>x+)/(?P=a)1", "xx/xx1"),
            (r"(?P<a>x)(y)\2(?P=a)", "xyyx"),
            (r"^(?!src/).*\.py$", "lib/a.py"),
            (r"[]a]b", "]b"),
            (r"[[]b", "[b"),
            (r"[a&&b]x", "&x"),
            (r"[a-]x", "-x"),
            (r"[\w.-]+\.py", "a-b.py"),
            (r"\x61\u0062\143\07?", "abc"),
            (r"a{,2}b", "b"),
            (r"a{x}", "a{x}"),
            (r"(?x) a b # comment [", "ab"),
            (r"(?i)README", "readme"),
            (r"(?i:R)e", "re"),
            (r"(?a)\w", "x"),
            (r"(a)?(?(1)b|c)", "ab"),
            (r"(?#note)x$", "x\n"),
            (r"(?m)^b$", "a\nb\nc"),
            (r"x*+y(?>z)", "xxyz"),
            (r"\N{BULLET}", "•"),
            (r"~a#b&c-d", "~a#b&c-d"),
        ];
        for (pattern, text) in matches {
            assert!(found(pattern, text), "{pattern} in {text}");
        }
        let misses = [
            (r"(?<!good)_bad\.py\Z", "good_bad.py"),
            (r"x\Z", "x\n"),
            (r"^(?!src/).*\.py$", "src/a.py"),
            (r"a{2,3}b", "ab"),
            (r"[a&&b]x", "cx"),
            (r"[^]]", "]"),
        ];
        for (pattern, text) in misses {
            assert!(!found(pattern, text), "{pattern} in {text}");
        }
    }

    #[test]
    fn refuses_what_python_refuses() {
        for pattern in ["(", "[a", "*a", r"\", r"\q", "(?P<a>x)(?P<a>y)", "(?P=a)", r"\x1", "a)"] {
            assert!(Pattern::new(pattern).is_err(), "{pattern}");
        }
    }
}
