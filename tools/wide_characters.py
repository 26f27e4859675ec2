"""Write src/diagnostics/wide.rs: the characters that Unicode calls wide or full-width, by the Python that runs this."""

import sys
import unicodedata

ranges = []
for code in range(sys.maxunicode + 1):
    if unicodedata.east_asian_width(chr(code)) in "WF":
        if ranges and ranges[-1][1] == code - 1:
            ranges[-1][1] = code
        else:
            ranges.append([code, code])

print('''//! Characters that take the room of two. Written by `tools/wide_characters.py`.

/// Whether `unicodedata.east_asian_width` of the last supported Python calls a character wide or full-width.
pub(super) fn is_wide(c: char) -> bool {
    let code = c as u32;
    let index = WIDE.partition_point(|&(_, end)| end < code);
    WIDE.get(index).is_some_and(|&(start, _)| start <= code)
}

#[rustfmt::skip]
static WIDE: [(u32, u32); %d] = [''' % len(ranges))
row = "   "
for start, end in ranges:
    item = f" (0x{start:x}, 0x{end:x}),"
    if len(row) + len(item) > 120:
        print(row)
        row = "   "
    row += item
print(row)
print("];")
