//! Values that CPython 3.14 itself gave.

use super::*;
use crate::object::{Const, ConstCache, Int, PyStr};
use bumpalo::Bump;

fn show(cache: &ConstCache<'_>, id: ConstId) -> String {
    let list = |items: &[ConstId]| items.iter().map(|&item| show(cache, item)).collect::<Vec<_>>().join(", ");
    match cache.get(id) {
        Const::None => "None".into(),
        Const::False => "False".into(),
        Const::True => "True".into(),
        Const::Int(i) => i.to_big().to_string(),
        Const::Float(f) => format!("{f:?}"),
        Const::Complex { real, imag } => format!("({real:?}, {imag:?})"),
        Const::Str(s) => format!("{s:?}"),
        Const::Bytes(b) => format!("b{:?}", String::from_utf8_lossy(b)),
        Const::Tuple(items) => format!("({})", list(items)),
        Const::FrozenSet(items) => format!("{{{}}}", list(items)),
        other => format!("{other:?}"),
    }
}

fn int<'a>(text: &str, arena: &'a Bump) -> Const<'a> {
    Const::Int(Int::from_big(arena, &text.parse().unwrap()))
}

fn folded(op: BinaryOp, left: Const<'_>, right: Const<'_>) -> Option<String> {
    let arena = Bump::new();
    let mut cache = ConstCache::new(&arena);
    let left = cache.add(copy_into(left, &arena));
    let right = cache.add(copy_into(right, &arena));
    binary(&mut cache, op, left, right).map(|id| show(&cache, id))
}

fn copy_into<'a>(value: Const<'_>, arena: &'a Bump) -> Const<'a> {
    match value {
        Const::None => Const::None,
        Const::False => Const::False,
        Const::True => Const::True,
        Const::Int(i) => Const::Int(Int::from_big(arena, &i.to_big())),
        Const::Float(f) => Const::Float(f),
        Const::Complex { real, imag } => Const::Complex { real, imag },
        Const::Str(s) => Const::Str(PyStr::from_bytes(arena.alloc_slice_copy(s.as_bytes()))),
        Const::Bytes(b) => Const::Bytes(arena.alloc_slice_copy(b)),
        _ => Const::Ellipsis,
    }
}

#[test]
fn integers() {
    let arena = Bump::new();
    let fold = |op, a: &str, b: &str| folded(op, int(a, &arena), int(b, &arena));
    let is = |text: &str| Some(text.to_string());
    assert_eq!(fold(BinaryOp::FloorDivide, "-7", "2"), is("-4"));
    assert_eq!(fold(BinaryOp::Remainder, "-7", "2"), is("1"));
    assert_eq!(fold(BinaryOp::Remainder, "7", "-2"), is("-1"));
    assert_eq!(fold(BinaryOp::Remainder, "7", "0"), None);
    assert_eq!(fold(BinaryOp::Power, "2", "64"), is("18446744073709551616"));
    assert_eq!(fold(BinaryOp::Power, "2", "65"), None);
    assert_eq!(fold(BinaryOp::Power, "2", "-2"), is("0.25"));
    assert_eq!(fold(BinaryOp::LeftShift, "1", "127"), is("170141183460469231731687303715884105728"));
    assert_eq!(fold(BinaryOp::LeftShift, "1", "128"), None);
    assert_eq!(fold(BinaryOp::RightShift, "-1", "99999999999999999999"), is("-1"));
    assert_eq!(fold(BinaryOp::TrueDivide, "0", "-5"), is("-0.0"));
    assert_eq!(
        fold(BinaryOp::TrueDivide, "123456789012345678901234567890", "3333333333333333333"),
        is("37037036703.703705")
    );
}

#[test]
fn floats_and_complex_numbers() {
    let is = |text: &str| Some(text.to_string());
    let float = |op, a, b| folded(op, Const::Float(a), Const::Float(b));
    assert_eq!(float(BinaryOp::FloorDivide, -0.5, 2.0), is("-1.0"));
    assert_eq!(float(BinaryOp::Remainder, -0.5, 2.0), is("1.5"));
    assert_eq!(float(BinaryOp::TrueDivide, 1.0, 0.0), None);
    assert_eq!(float(BinaryOp::Power, 10.0, 400.0), None);
    assert_eq!(float(BinaryOp::Power, -8.0, 1.0 / 3.0), is("(1.0000000000000002, 1.7320508075688772)"));
    let j = |real, imag| Const::Complex { real, imag };
    assert_eq!(folded(BinaryOp::Subtract, Const::Int(Int::Small(1)), j(0.0, 2.0)), is("(1.0, -2.0)"));
    assert_eq!(folded(BinaryOp::Power, j(0.0, 1.0), Const::Int(Int::Small(2))), is("(-1.0, 0.0)"));
}

#[test]
fn sequences() {
    let is = |text: &str| Some(text.to_string());
    let text = |s: &'static str| Const::Str(PyStr::new(s));
    assert_eq!(folded(BinaryOp::Multiply, text("ab"), Const::Int(Int::Small(3))), is("\"ababab\""));
    assert_eq!(folded(BinaryOp::Multiply, text("ab"), Const::Int(Int::Small(-3))), None);
    assert_eq!(folded(BinaryOp::Multiply, text(""), Const::Int(Int::Small(-3))), is("\"\""));
    assert_eq!(folded(BinaryOp::Subscript, text("naïve"), Const::Int(Int::Small(-3))), is("\"ï\""));
    assert_eq!(folded(BinaryOp::Remainder, text("%s"), Const::Int(Int::Small(1))), None);
    let arena = Bump::new();
    let mut cache = ConstCache::new(&arena);
    let value = cache.add(text("abcdef"));
    let ids = [5, 1, -2].map(|i| cache.add(Const::Int(Int::Small(i))));
    let slice = cache.add(Const::Slice(ids));
    let got = binary(&mut cache, BinaryOp::Subscript, value, slice).unwrap();
    assert_eq!(show(&cache, got), "\"fd\"");
    let one = cache.add(Const::Int(Int::Small(1)));
    let real = cache.add(Const::Float(1.0));
    let set = frozen_set(&mut cache, &[one, ConstCache::TRUE, real, value]);
    let items = match cache.get(set) {
        Const::FrozenSet(items) => items.len(),
        _ => 0,
    };
    assert_eq!(items, 2);
}
