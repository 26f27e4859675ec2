//! The coding cookie of PEP 263, in the first two lines of a file.

/// What the first two lines say of the encoding.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Cookie<'a> {
    /// The name, normalised if it is one of UTF-8 or Latin-1.
    pub name: &'a str,
    /// The line it is on, 1 or 2.
    pub line: u32,
    /// Where that line starts and how long CPython takes it to be.
    pub start: usize,
    pub length: usize,
}

/// Looks for a cookie in bytes whose ends of line are all `\n`.
///
/// CPython 3.14: `decode_str`, `_PyTokenizer_check_coding_spec`.
pub(super) fn find_cookie(bytes: &[u8]) -> Option<Cookie<'_>> {
    let first = memchr::memchr(b'\n', bytes).unwrap_or(bytes.len());
    if let Some(name) = coding_spec(&bytes[..first]) {
        return Some(Cookie { name, line: 1, start: 0, length: first });
    }
    if first == bytes.len() || !is_comment_or_blank(&bytes[..first]) {
        return None;
    }
    // CPython counts the end of the second line to it but not that of the first.
    let start = first + 1;
    let second = memchr::memchr(b'\n', &bytes[start..]).map_or(bytes.len() - start, |i| i + 1);
    let line = &bytes[start..start + second];
    let length = second + !line.ends_with(b"\n") as usize;
    coding_spec(line).map(|name| Cookie { name, line: 2, start, length })
}

fn is_comment_or_blank(line: &[u8]) -> bool {
    line.iter().find(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c')).is_none_or(|&byte| byte == b'#')
}

/// CPython 3.14: `get_coding_spec`.
fn coding_spec(line: &[u8]) -> Option<&str> {
    let hash = line.iter().position(|byte| !matches!(byte, b' ' | b'\t' | b'\x0c'))?;
    if line[hash] != b'#' {
        return None;
    }
    let is_name = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.');
    for found in memchr::memmem::find_iter(&line[hash..], b"coding") {
        let after = &line[hash + found + 6..];
        if !matches!(after.first(), Some(b':' | b'=')) {
            continue;
        }
        let blanks = after[1..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
        let name = &after[1 + blanks..];
        let length = name.iter().take_while(|byte| is_name(byte)).count();
        if let Ok(name) = std::str::from_utf8(&name[..length])
            && !name.is_empty()
        {
            return Some(normal_name(name));
        }
    }
    None
}

/// CPython 3.14: `get_normal_name`.
fn normal_name(name: &str) -> &str {
    let start: Vec<u8> =
        name.bytes().take(12).map(|byte| if byte == b'_' { b'-' } else { byte.to_ascii_lowercase() }).collect();
    let is = |known: &str, prefix: &str| start == known.as_bytes() || start.starts_with(prefix.as_bytes());
    if is("utf-8", "utf-8-") {
        "utf-8"
    } else if is("latin-1", "latin-1-") || is("iso-8859-1", "iso-8859-1-") || is("iso-latin-1", "iso-latin-1-") {
        "iso-8859-1"
    } else {
        name
    }
}
