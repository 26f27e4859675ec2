//! Streams that CPython wrote come back the same; any other bytes do no harm.

use super::*;
use crate::object::{CodeObject, Const, ConstCache, Int, PyStr};
use crate::source::{Interner, known};
use crate::target::{PythonVersion, Target};
use bumpalo::Bump;

/// Files of CPython 3.14: header and code object.
const GOLDENS: [&[u8]; 3] = [
    include_bytes!("../../tests/cases/references/shared_constants.3.14.pyc"),
    include_bytes!("../../tests/cases/references/qualified_name_constant.3.14.pyc"),
    include_bytes!("../../tests/cases/exceptions/finally_with_jumps.3.14.pyc"),
];

fn target() -> &'static Target {
    Target::of(PythonVersion::Py314)
}

/// Reads a stream and, where that succeeds, writes and shows what was read.
fn read_and_write(data: &[u8]) -> Result<Vec<u8>, String> {
    let arena = Bump::new();
    let (mut names, mut consts) = (Interner::new(&arena), ConstCache::new(&arena));
    let code = read_code(data, target(), &mut names, &mut consts).map_err(|error| error.to_string())?;
    let tables = Tables { names: &names, consts: &consts, target: target() };
    assert_eq!(diff(code, tables, code, tables), []);
    assert!(dump(code, tables).starts_with("code object"));
    let mut out = Stream::default();
    write_code(code, &names, &consts, target(), &mut out).map_err(|error| error.message)?;
    Ok(out.written().to_vec())
}

#[test]
fn streams_survive_the_way_there_and_back() {
    for golden in GOLDENS {
        assert_eq!(read_and_write(&golden[16..]).as_deref(), Ok(&golden[16..]));
    }
}

#[test]
fn damaged_streams_give_errors() {
    for golden in GOLDENS {
        let data = &golden[16..];
        for end in 0..data.len() {
            assert!(read_and_write(&data[..end]).is_err(), "cut at {end}");
        }
        let mut damaged = data.to_vec();
        for at in 0..data.len() {
            for bits in [0x01, 0x20, 0x80, 0xff] {
                damaged[at] ^= bits;
                // Whatever it says, it must not panic or take all memory.
                let _ = read_and_write(&damaged);
                damaged[at] = data[at];
            }
        }
    }
}

#[test]
fn deep_streams_are_refused() {
    let mut tuples = b"(\x01\x00\x00\x00".repeat(100_000);
    tuples.push(b'N');
    // Test threads have a small stack, and frames of unoptimised code are large.
    let thread = std::thread::Builder::new().stack_size(64 << 20).spawn(move || read_and_write(&tuples)).unwrap();
    assert!(thread.join().unwrap().is_err_and(|error| error.starts_with("recursion limit exceeded")));
}

/// A module without code, but with these constants.
fn module<'a>(arena: &'a Bump, consts: &[crate::object::ConstId]) -> CodeObject<'a> {
    CodeObject {
        argcount: 0,
        posonlyargcount: 0,
        kwonlyargcount: 0,
        stacksize: 1,
        flags: 0,
        code: &[],
        consts: arena.alloc_slice_copy(consts),
        names: &[],
        localsplusnames: &[],
        localspluskinds: &[],
        filename: PyStr::new("x.py"),
        name: known::MODULE,
        qualname: known::MODULE,
        firstlineno: 1,
        linetable: &[],
        exceptiontable: &[],
        has_own_locals_tuple: false,
    }
}

/// What stands between the length of `co_consts` and `co_names`.
fn written_constants(values: &[Const<'_>]) -> Vec<u8> {
    let arena = Bump::new();
    let names = Interner::new(&arena);
    let mut consts = ConstCache::new(&arena);
    let ids: Vec<_> = values.iter().map(|value| consts.add(*value)).collect();
    let code = module(&arena, &ids);
    let mut out = Stream::default();
    write_code(&code, &names, &consts, target(), &mut out).unwrap();
    let out = out.written();
    // Type and five numbers; the bytecode; the tuple's type and length. Behind: names, locals, kinds, file name and so on.
    let start = 21 + 5 + 2;
    let end = out.len() - (2 + 5 + 5 + 6 + 10 + 5 + 4 + 5 + 5);
    out[start..end].to_vec()
}

#[test]
fn integers_take_the_form_that_holds_them() {
    // What `marshal.dumps` of CPython 3.14 gives for each.
    let cases: [(i64, &[u8]); 8] = [
        (0, b"\xe9\x00\x00\x00\x00"),
        (256, b"\xe9\x00\x01\x00\x00"),
        (257, b"i\x01\x01\x00\x00"),
        (-6, b"i\xfa\xff\xff\xff"),
        (i32::MAX as i64, b"i\xff\xff\xff\x7f"),
        (1 << 31, b"l\x03\x00\x00\x00\x00\x00\x00\x00\x02\x00"),
        (-(1 << 31) - 1, b"l\xfd\xff\xff\xff\x01\x00\x00\x00\x02\x00"),
        (i64::MIN, b"l\xfb\xff\xff\xff\x00\x00\x00\x00\x00\x00\x00\x00\x08\x00"),
    ];
    for (value, bytes) in cases {
        assert_eq!(written_constants(&[Const::Int(Int::Small(value))]), bytes, "{value}");
    }
}

#[test]
fn strings_take_the_form_that_holds_them() {
    let long = "x y".repeat(100);
    let mut long_bytes = b"a\x2c\x01\x00\x00".to_vec();
    long_bytes.extend(long.as_bytes());
    let cases: [(&str, &[u8]); 6] = [
        ("name_like", b"\xda\x09name_like"),
        ("not like it", b"z\x0bnot like it"),
        ("", b"\xda\x00"),
        ("%", b"\xda\x01%"),
        ("\u{e9}", b"\xf4\x02\x00\x00\x00\xc3\xa9"),
        ("\u{20ac}", b"u\x03\x00\x00\x00\xe2\x82\xac"),
    ];
    for (text, bytes) in cases {
        assert_eq!(written_constants(&[Const::Str(PyStr::new(text))]), bytes, "{text}");
    }
    assert_eq!(written_constants(&[Const::Str(PyStr::new(&long))]), long_bytes);
    assert_eq!(written_constants(&[Const::Str(PyStr::unshared_percent())]), b"z\x01%");
}
