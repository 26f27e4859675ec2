//! Writes what encoding_rs makes of each multi-byte sequence, for `tools/codecs.py` to compare with CPython.
//!
//! Copy it to `examples/` and run it with `cargo run --example encoding_rs_table`.

use std::io::Write;
fn main() {
    let mut out = std::io::BufWriter::new(std::io::stdout().lock());
    for label in ["gbk", "gb18030", "big5", "euc-jp", "shift_jis", "euc-kr"] {
        let e = encoding_rs::Encoding::for_label(label.as_bytes()).unwrap();
        let mut dump = |b: &[u8]| {
            if let Some(s) = e.decode_without_bom_handling_and_without_replacement(b) {
                let hex: String = b.iter().map(|b| format!("{b:02x}")).collect();
                let cs: Vec<String> = s.chars().map(|c| format!("{:x}", c as u32)).collect();
                writeln!(out, "{label} {hex} {}", cs.join(",")).unwrap();
            }
        };
        for a in 0..=255u8 {
            dump(&[a]);
            if a >= 0x80 {
                for b in 0..=255u8 {
                    dump(&[a, b]);
                    if label == "euc-jp" && a == 0x8f { for c in 0..=255u8 { dump(&[a, b, c]); } }
                    if label == "gb18030" && (0x30..=0x39).contains(&b) {
                        for c in 0x81..=0xfe { for d in 0x30..=0x39 { dump(&[a, b, c, d]); } }
                    }
                }
            }
        }
    }
}
