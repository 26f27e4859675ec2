//! The decoded text of a source file.

use bumpalo::Bump;

/// A source file's text: without a byte order mark, with `\n` as the only end of line.
///
/// A last line without an end of line is left so; the lexer behaves as if it had one, as CPython adds it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct SourceText<'a> {
    pub text: &'a str,
    /// The same with what [`SourceText::padded`] adds, where it is there already.
    pub(super) padded: Option<&'a [u8]>,
    /// The bytes of the text, where some are not UTF-8; in the place of each of these the text has a [`PLACEHOLDER`].
    pub(super) raw: Option<&'a [u8]>,
}

/// Stands for a byte that cannot be decoded. In comments any character will do, and elsewhere it is not looked at.
pub(super) const PLACEHOLDER: u8 = 0x7f;

/// How many zeros stand behind a padded text.
pub const PADDING: usize = 48;

/// The bytes of a source file.
#[derive(Clone, Copy, Debug)]
pub struct SourceBytes<'a> {
    pub bytes: &'a [u8],
    /// The same with what [`SourceText::padded`] adds, where it is there already.
    pub(super) padded: Option<&'a [u8]>,
}

impl<'a> SourceBytes<'a> {
    /// The first bytes of a buffer, behind which there is room, or is made, so that the text need not be copied to be padded.
    pub fn in_buffer(buffer: &'a mut Vec<u8>, length: usize) -> SourceBytes<'a> {
        let has_newline = buffer[..length].last() == Some(&b'\n');
        let limit = length + usize::from(!has_newline);
        if buffer.len() < limit + PADDING {
            buffer.resize(limit + PADDING, 0);
        }
        buffer[length..limit].fill(b'\n');
        buffer[limit..limit + PADDING].fill(0);
        SourceBytes { bytes: &buffer[..length], padded: Some(&buffer[..limit + PADDING]) }
    }
}

impl<'a> From<&'a [u8]> for SourceBytes<'a> {
    fn from(bytes: &'a [u8]) -> SourceBytes<'a> {
        SourceBytes { bytes, padded: None }
    }
}

impl<'a> SourceText<'a> {
    /// Text that is already decoded and has no `\r` and no NUL.
    pub const fn new(text: &'a str) -> SourceText<'a> {
        SourceText { text, padded: None, raw: None }
    }

    /// Whether there are bytes in it that are not UTF-8, which only some releases let pass.
    pub const fn is_lossy(&self) -> bool {
        self.raw.is_some()
    }

    /// The bytes of the text, where some are not UTF-8.
    pub const fn raw(&self) -> Option<&'a [u8]> {
        self.raw
    }

    /// The offsets of the bytes that are not UTF-8.
    pub fn undecodable_bytes(&self) -> impl Iterator<Item = usize> + use<'a> {
        let pairs = self.raw.unwrap_or_default().iter().zip(self.text.as_bytes());
        pairs.enumerate().filter(|(_, (raw, text))| raw != text).map(|(at, _)| at)
    }

    /// The text, the end of line that a last line without one gets, and zeros, so that whoever reads it need not look for its end.
    pub fn padded(&self, arena: &'a Bump) -> &'a [u8] {
        if let Some(padded) = self.padded
            && !self.text.is_empty()
        {
            return padded;
        }
        let bytes = self.text.as_bytes();
        let mut padded = bumpalo::collections::Vec::with_capacity_in(bytes.len() + 1 + PADDING, arena);
        padded.extend_from_slice_copy(bytes);
        if bytes.last().is_some_and(|&last| last != b'\n') {
            padded.push(b'\n');
        }
        padded.extend_from_slice_copy(&[0; PADDING]);
        padded.into_bump_slice()
    }

    /// Where a line (counted from 1) starts, as an offset in bytes; the end of the text if there is no such line.
    pub fn line_start(&self, line: u32) -> usize {
        if line <= 1 {
            return 0;
        }
        memchr::memchr_iter(b'\n', self.text.as_bytes()).nth(line as usize - 2).map_or(self.text.len(), |i| i + 1)
    }

    /// A line (counted from 1) without its end of line; empty if there is no such line.
    pub fn line(&self, line: u32) -> &'a str {
        if line == 0 {
            return "";
        }
        let rest = &self.text[self.line_start(line)..];
        &rest[..memchr::memchr(b'\n', rest.as_bytes()).unwrap_or(rest.len())]
    }

    /// A line (counted from 1) as it is shown.
    pub fn shown_line(&self, line: u32) -> String {
        let text = self.line(line);
        match self.raw {
            Some(raw) if line > 0 => {
                let start = self.line_start(line);
                String::from_utf8_lossy(&raw[start..start + text.len()]).into_owned()
            }
            _ => text.to_owned(),
        }
    }
}
