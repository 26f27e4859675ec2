//! Sources at the limits of the formats, made by the program rather than kept, held against what a real CPython made of them.
//!
//! `tests/extremes/VERSION` has a line for each: the length and the hash of the code object at levels 0 and 2, or the error.
//! `BLESS=1 PYCC_ORACLES=DIR cargo test --test extremes` writes it with `tests/oracle/digest.py`, never from pycc.

use pycc::pipeline;
use pycc::source::source_hash;
use pycc::target::{PythonVersion, Target};
use rayon::prelude::*;
use std::collections::BTreeMap;
use std::env;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The versions that the cases are held to.
const VERSIONS: &[PythonVersion] = &[PythonVersion::Py314];

/// `count` pieces, each made from its number, with `between` between them.
fn join(count: usize, between: &str, piece: impl Fn(usize) -> String) -> String {
    (0..count).map(piece).collect::<Vec<_>>().join(between)
}

/// Lines, each made from its number and indented by `spaces`.
fn lines(count: usize, spaces: usize, piece: impl Fn(usize) -> String) -> String {
    (0..count).fold(String::new(), |mut text, i| {
        let _ = writeln!(text, "{:spaces$}{}", "", piece(i));
        text
    })
}

/// Headers one inside the other, with a statement innermost.
fn nested(count: usize, innermost: &str, header: impl Fn(usize) -> String) -> String {
    let mut text = String::new();
    for i in 0..count {
        let _ = writeln!(text, "{:i$}{}", "", header(i));
    }
    let _ = writeln!(text, "{:count$}{innermost}", "");
    text
}

/// A function around lines that are indented by four.
fn function(body: &str) -> String {
    format!("def f(x, y):\n{body}")
}

/// Constants, names and variables whose numbers need two and three bytes.
fn tables() -> Vec<(&'static str, String)> {
    vec![
        ("constants_300", lines(300, 0, |i| format!("x = {}", i + 1000))),
        ("constants_70000", lines(70_000, 0, |i| format!("x = {}", i + 1000))),
        ("constants_in_function_70000", function(&lines(70_000, 4, |i| format!("x = {}", i + 1000)))),
        ("names_300", lines(300, 0, |i| format!("n{i}"))),
        ("names_70000", lines(70_000, 0, |i| format!("n{i}"))),
        ("attributes_300", lines(300, 0, |i| format!("a.b{i}; a.c{i}(); a.d{i} = 1; del a.e{i}"))),
        ("attributes_40000", function(&lines(40_000, 4, |i| format!("x.b{i}; x.c{i}()")))),
        ("globals_40000", function(&lines(40_000, 4, |i| format!("g{i}()")))),
        (
            "locals_300",
            function(
                &(lines(300, 4, |i| format!("v{i} = {i}")) + &lines(300, 4, |i| format!("print(v{i}, v{})", 299 - i))),
            ),
        ),
        ("locals_300_deleted", function(&lines(300, 4, |i| format!("v{i} = x; del v{}; print(v{i})", i / 2)))),
        (
            "cells_300",
            function(
                &(lines(300, 4, |i| format!("v{i} = {i}")) + "    def g():\n" + &lines(300, 8, |i| format!("v{i}"))),
            ),
        ),
        (
            "parameters_300",
            format!(
                "def f({}):\n    return {}\n",
                join(300, ", ", |i| format!("p{i}")),
                join(300, " + ", |i| format!("p{i}"))
            ),
        ),
        (
            "arguments_300",
            format!("f({})\nf({})\n", join(300, ", ", |i| format!("a{i}")), join(300, ", ", |i| format!("k{i}=a"))),
        ),
        ("unpack_300", format!("{}, = x\n", join(300, ", ", |i| format!("a{i}")))),
        ("unpack_star_255", format!("{}, *r, z = x\n", join(255, ", ", |i| format!("a{i}")))),
        ("unpack_star_256", format!("{}, *r, z = x\n", join(256, ", ", |i| format!("a{i}")))),
        ("closures_300", function(&lines(300, 4, |i| format!("f{i} = lambda: x + {i}")))),
        ("imports_300", lines(300, 0, |i| format!("import a{i}.b as c{i}\nfrom d{i} import e{i}, g as h"))),
        ("list_100000", format!("x = [{}]\n", join(100_000, ", ", |i| i.to_string()))),
        ("tuple_100000", format!("x = ({})\n", join(100_000, ", ", |i| i.to_string()))),
        ("set_100000", format!("x = {{{}}}\n", join(100_000, ", ", |i| i.to_string()))),
        ("frozenset_20000", format!("a in {{{}}}\n", join(20_000, ", ", |i| format!("'k{i}'")))),
        ("dict_100000", format!("x = {{{}}}\n", join(100_000, ", ", |i| format!("'k{i}': {i}")))),
        ("dict_of_names_1000", format!("x = {{{}}}\n", join(1000, ", ", |i| format!("a{i}: b")))),
        ("list_of_names_1000", format!("x = [{}]\n", join(1000, ", ", |i| format!("a{i}")))),
        ("strings_30000", format!("x = [{}]\n", join(30_000, ",\n", |i| format!("'a string {}'", i / 2)))),
    ]
}

/// Jumps of one, two and three bytes, forward and back, and exception tables across them.
fn jumps() -> Vec<(&'static str, String)> {
    let calls = |count: usize| lines(count, 8, |i| format!("y(x, {})", i % 7));
    let mut cases = Vec::new();
    for (small, big, names) in [
        (15usize, 40usize, ["if_256", "while_256", "for_256", "try_256", "with_256", "match_256"]),
        (3000, 9000, ["if_65536", "while_65536", "for_65536", "try_65536", "with_65536", "match_65536"]),
    ] {
        let (small, big) = (calls(small), calls(big));
        let [if_, while_, for_, try_, with, match_] = names;
        cases.extend([
            (if_, function(&format!("    if x and y:\n{big}    elif y or x:\n{small}    else:\n{big}    return 1\n"))),
            (while_, function(&format!("    while x:\n{small}        if y: break\n{big}        if x: continue\n{small}    else:\n{big}"))),
            (for_, function(&format!("    for z in x:\n{big}        if z: continue\n{small}        if y: break\n{big}    else:\n{small}"))),
            (try_, function(&format!("    try:\n{big}    except x as e:\n{small}    except y:\n{big}    else:\n{small}    finally:\n{big}"))),
            (with, function(&format!("    with x as a, y as b:\n{big}    return a\n"))),
            (match_, function(&format!("    match x:\n     case [1, *_] | y.z:\n{big}     case {{'a': 1, **r}} if y:\n{small}     case _:\n{big}"))),
        ]);
    }
    cases.push((
        "jumps_around_256",
        lines(60, 0, |i| format!("if a:\n    {}\n", join(i + 90, "; ", |_| "b".to_owned()))),
    ));
    cases.push((
        "loops_around_256",
        lines(60, 0, |i| format!("while a:\n    {}\n", join(i + 90, "; ", |_| "b".to_owned()))),
    ));
    cases.push(("chain_of_ands_2000", format!("if {}:\n    x\n", join(2000, " and ", |i| format!("a{i}")))));
    cases.push(("chain_of_compares_1000", format!("{}\n", join(1000, " < ", |i| format!("a{i}")))));
    cases.push(("elifs_1500", format!("if a:\n    b\n{}", lines(1500, 0, |i| format!("elif c == {i}:\n    d{i}()")))));
    cases
}

/// Blocks, functions, classes, brackets and strings one in the other.
fn nesting() -> Vec<(&'static str, String)> {
    let blocks = ["for a in b:", "while a:", "with a:"];
    vec![
        ("blocks_20", nested(20, "x", |i| blocks[i % 3].to_owned())),
        ("blocks_21", nested(21, "x", |i| blocks[i % 3].to_owned())),
        ("blocks_22", nested(22, "x", |i| blocks[i % 3].to_owned())),
        ("blocks_20_return", format!("def f():\n{}", nested(20, "return x", |i| format!(" {}", blocks[i % 3])).replace("return x", " return x"))),
        ("ifs_90", nested(90, "x", |i| format!("if a{i}:"))),
        ("ifs_101", nested(101, "x", |i| format!("if a{i}:"))),
        ("functions_60", nested(60, "return x", |i| format!("def f{i}(x, y={i}):"))),
        ("classes_60", nested(60, "x = 1", |i| format!("class C{i}:"))),
        ("functions_and_classes_60", nested(60, "__x = super().__y; __class__", |i| if i % 2 == 0 { format!("class __C{i}:") } else { format!("def __f{i}(__self, __x={i}):") })),
        ("lambdas_90", format!("x = {}1\n", join(90, "", |i| format!("lambda a{i}: ")))),
        ("parentheses_190", format!("x = {}1{}\n", "(".repeat(190), ")".repeat(190))),
        ("parentheses_201", format!("x = {}1{}\n", "(".repeat(201), ")".repeat(201))),
        ("lists_150", format!("x = {}1{}\n", "[".repeat(150), "]".repeat(150))),
        ("tuples_150", format!("x = {}1{}\n", "(".repeat(150), ",)".repeat(150))),
        ("calls_150", format!("x = {}1{}\n", "f(".repeat(150), ")".repeat(150))),
        ("calls_in_a_row_1500", format!("x = f{}\n", "(1)".repeat(1500))),
        ("attributes_in_a_row_2000", format!("x = f{}\n", ".a.b()".repeat(1000))),
        ("subscripts_in_a_row_1500", format!("x = f{}\n", "[1]".repeat(1500))),
        ("nots_1000", format!("x = {}a\n", "not ".repeat(1000))),
        ("minuses_1000", format!("x = {}a\nx = {}1\n", "-".repeat(1000), "-".repeat(1000))),
        ("powers_500", format!("x = {}1\n", "a ** ".repeat(500))),
        ("conditionals_500", format!("x = {}1\n", "a if b else ".repeat(500))),
        ("sum_of_names_3000", format!("x = {}\n", join(3000, " + ", |i| format!("a{i}")))),
        ("sum_of_numbers_3000", format!("x = {}\n", join(3000, " + ", |i| i.to_string()))),
        ("strings_in_a_row_5000", format!("x = ({})\n", join(5000, " ", |i| format!("'s{i}'")))),
        ("fstrings_nested", "x = f'{f\"{f'''{f'{1 + 2!r:>{w}}'} {a=}'''}\"}'\ny = f'{a!r:{b}{c:{d}}}'\nz = f'{'a' f'{'b' f'{'c'}'}'}'\n".to_owned()),
        ("fstrings_nested_60", format!("x = {}1{}\n", "f'{".repeat(60), "}'".repeat(60))),
        ("fstring_of_3000", format!("x = f'{}'\n", join(3000, "", |i| format!("{{a{}}} b{i} ", i % 300)))),
        ("comprehensions_40", format!("x = {}a{}\n", "[".repeat(40), join(40, "", |i| format!(" for b{i} in c{i}]")))),
        ("generators_40", format!("x = {}a{}\n", "(".repeat(40), join(40, "", |i| format!(" for b{i} in c{i})")))),
        ("comprehension_fors_19", format!("x = [a{}]\n", join(19, "", |i| format!(" for b{i} in c if d{i}")))),
        ("comprehension_fors_21", format!("def f():\n    return [a{}]\n", join(21, "", |i| format!(" for b{i} in c if d{i}")))),
        ("patterns_90", format!("match x:\n    case {}a{}:\n        pass\n", "[".repeat(90), "]".repeat(90))),
        ("decorators_1000", format!("{}def f(): pass\n", lines(1000, 0, |i| format!("@d{i}")))),
        ("targets_1000", format!("{} = x\n", join(1000, " = ", |i| format!("t{i}")))),
        ("with_items_19", format!("with {}:\n    x\n", join(19, ", ", |i| format!("a{i} as b{i}")))),
        ("with_items_21", format!("with {}:\n    x\n", join(21, ", ", |i| format!("a{i} as b{i}")))),
        ("handlers_1000", format!("try:\n    x\n{}", lines(1000, 0, |i| format!("except a{i} as e{i}:\n    y")))),
        ("finallys_12", format!("def f():\n{}", (0..12).fold("return x".to_owned(), |inner, i| {
            let inner = inner.replace('\n', "\n ");
            format!("try:\n {inner}\nfinally:\n y{i}")
        }).lines().map(|line| format!("  {line}\n")).collect::<String>())),
        ("type_parameters_300", format!("def f[{}](): pass\ntype A[{}] = T0\n", join(300, ", ", |i| format!("T{i}")), join(300, ", ", |i| format!("T{i}: int = U{i}")))),
    ]
}

/// Lines and columns that need many bytes in the location table.
fn locations() -> Vec<(&'static str, String)> {
    vec![
        ("line_70000", format!("{}x = f(a,\n  b)\n", "\n".repeat(70_000))),
        ("lines_70000_between", format!("x = f(a{}, b)\ndef f():{}  return 1\n", "\\\n".repeat(3000), "\n".repeat(70_000))),
        ("expression_of_5000_lines", format!("x = (a\n{})\n", lines(5000, 1, |i| format!("and b{i}")))),
        ("call_of_5000_lines", format!("x = f(\n{})\n", lines(5000, 1, |i| format!("b{i},")))),
        ("column_300", format!("{}; a.b(c)[d] += 1; raise e\n", join(60, "; ", |i| format!("a{i}")))),
        ("columns_around_limits", lines(300, 0, |i| format!("x ={}a + f(b)", " ".repeat(i)))),
        ("column_70000", format!("x ={}a + f(b)\n", " ".repeat(70_000))),
        ("line_of_1_MB", format!("x = '{}' + a\n", "s".repeat(1 << 20))),
        ("lines_backwards", "x = f(\n    a,\n    b.\n    c(d)\n)[\n  e\n]\nfor i in (\n   j\n ): k\nwith (\n  a as b,\n  c\n): d\nassert (\n a), (\n b)\n@d(\n 1\n)\nclass C(\n  D,\n  e=f\n):\n  a: int = (\n  3)\nl = [\n x\n for x\n in y\n if (\n z\n )\n]\n".to_owned()),
        ("function_at_line_70000", format!("{}@a\n\ndef f(x,\n      y): return x\nclass C:\n    def g(self):\n        return [i\n             for i in self]\n", "#\n".repeat(70_000))),
        ("docstring_of_70000_lines", format!("'''{}'''\nclass C:\n    \"\"\"{}\"\"\"\nx = 1\n", "a\n".repeat(70_000), "    a  b\n".repeat(1000))),
        ("backslashes_2000", format!("x = {}1\n", "\\\n".repeat(2000))),
        ("wide_characters", "é = 'ü' + ñ.ö(α)\n".repeat(300)),
    ]
}

/// Names in the scopes where they are treated specially.
fn scopes() -> Vec<(&'static str, String)> {
    vec![
        (
            "mangling",
            "
import __a, __b.c, __d.__e as __f
class _C:
    import __a, __b.c, __d.__e as __f
    from __g import __h, __i as __j
    global __k
    __l: __m = __n.__o
    __p, (__q.__r, *__s) = __t[__u]
    del __v, __w.__x
    def __f(self, __a, /, __b=__c, *__d: __e, __f: __g=1, **__h) -> __i:
        nonlocal_ = __class__; super().__j; self.__k(__l=1, __m__=2)
        global __n
        __n += __o
        return lambda __p, *__q: [__r for __s in __t if (__u := __s)]
    class __G[__T: __U, *__W = __V, **__X = __Z](__Y, __z=1):
        type __H[__I] = __J
        __slots__ = '__K'
    for __i in __j: pass
    with __k as __l: pass
    try: pass
    except __m as __n: pass
    match __o:
        case __P(__q=__r): pass
        case {'__s': __t, **__u}: pass
        case __v.__w: pass
        case [*__x]: pass
        case _ as __y: pass
    f'{__z!r:{__a}}'
    async def __b(): yield __c
    @__d
    def g(__e=lambda: __f): nonlocal_: __g
class __:
    __a = 1
class ___x:
    __a = 1
    def f(self): self.__b, self.__c__, self.___d, self.__
"
            .to_owned(),
        ),
        (
            "class_and_super",
            "
class A(B):
    def a(self): return super().a(1, k=2), super().b, super(A, self).c(), super(A, self).d
    def b(self): super = 1; super().x
    def c(self): return [super().x for i in self], (lambda: super().y)(), __class__
    def d(): super().x
    def e(self, *a): super().e(*a); super().f(**a); super().g = 1; del super().h
    @staticmethod
    def g(): return __class__
    def h(self):
        def inner(): nonlocal self; super().x(self)
        class I: __class__; y = lambda s: super()
        return inner
    def i(self): super(); return super(self).x, super(A, self, 1).y, super(*self).z, super(k=1).w
    class N:
        def f(self): return __class__
    x = [__class__ for y in z]
    def j(self):
        __class__ = 1
        return super().k
def f(self): return super().x, __class__
super().x
lambda self: super().y
"
            .to_owned(),
        ),
        (
            "global_and_nonlocal_in_class",
            "
x = 1
def f():
    x = y = z = 2
    class C:
        global x
        nonlocal y
        x += 1
        y += 1
        z
        z = 3
        def g(self): return x, y, z
        w = [x + y + z for i in x]
        v = (x for i in y)
        del y
        class D:
            nonlocal y
            global z
            z = y
        u = lambda: (x, y, z, w)
    def h():
        global x
        nonlocal z
        z = x
        class E:
            x = x
            z = z
            __dict__; locals()
    return x, C
"
            .to_owned(),
        ),
        (
            "comprehensions_in_class",
            "
class C[T]:
    a = 1
    b = [a for a in a]
    c = [a for _ in range(3)]
    d = {a: b for a, b in zip(a, b) if a for c in b}
    e = {lambda: a for a in b}
    f = [[x for x in y] for y in a]
    g = [__class__ for x in a]
    h = [(lambda: x + a)() for x in b]
    i = (T for x in a)
    j = [T for x in a if __class__]
    k: [a for a in b] = 1
    def l(self, x=[a for a in b]): return [a for a in [self for self in x]]
    async def m(self): return [x async for x in self if await x], {y: await z for y in self}
    [locals() for n in a]
    class D:
        o = [a for a in o]
        p = [o for _ in a]
def f(a):
    b = [lambda: a for a in a]
    c = [a for b in a for a in b]
    class C:
        d = [a for c in b if c]
        a = [a for a in a]
    return {a: [b for b in a] for a in c}
"
            .to_owned(),
        ),
        (
            "conditional_annotations",
            "
a: int
if x:
    b: str = 1
    c: list[d]
for e in f:
    g: h = i
class C:
    a: int
    if x:
        b: C
        def f(self): k: int = 3
    try:
        d: e
    except f:
        g: h
    while i: j: __k
    (l): m
    n.o: p
    q[r]: s = t
def f():
    a: int
    (b): c = 1
    d.e: f
    g[h]: (yield_) = 2
    if a: i: j
with a: b: c = d
match a:
    case 1: b: c
if x:
    class D[T]:
        if T: a: T
"
            .to_owned(),
        ),
    ]
}

fn cases() -> BTreeMap<&'static str, String> {
    [tables(), jumps(), nesting(), locations(), scopes()].into_iter().flatten().collect()
}

fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/extremes")
}

fn bless(version: PythonVersion, cases: &BTreeMap<&str, String>) {
    let oracles = env::var_os("PYCC_ORACLES").expect("BLESS needs PYCC_ORACLES, a folder that holds bin/python3.14");
    let scratch = tempfile::tempdir().expect("a scratch folder can be made");
    for (name, source) in cases {
        fs::write(scratch.path().join(format!("{name}.py")), source).expect("a case can be written");
    }
    let status = Command::new(PathBuf::from(oracles).join("bin").join(format!("python{version}")))
        .arg(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/oracle/digest.py"))
        .args([scratch.path(), &folder().join(version.to_string())])
        .status()
        .expect("the interpreter can be started");
    assert!(status.success(), "the interpreter failed");
}

/// What pycc makes of a case, as its golden says it.
fn outcome(name: &str, source: &str, target: &'static Target) -> String {
    let mut words = Vec::new();
    for optimize in [0, 2] {
        match pipeline::compile(source.as_bytes(), &format!("{name}.py"), target, optimize) {
            Ok(code) => {
                let hash = source_hash(target.magic_word(), &code);
                let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
                words.push(format!("{}:{hex}", code.len()));
            }
            Err(failure) => return format!("refused {:?}: {}", failure.error.kind, failure.error.message),
        }
    }
    words.join(" ")
}

fn in_pool<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    rayon::ThreadPoolBuilder::new().stack_size(512 << 20).build().expect("workers can be started").install(work)
}

#[test]
fn extremes_compile_to_what_cpython_made_of_them() {
    let cases = cases();
    for &version in VERSIONS {
        if env::var_os("BLESS").is_some() {
            bless(version, &cases);
        }
        let text = fs::read_to_string(folder().join(version.to_string())).expect("the goldens can be read");
        let goldens: BTreeMap<&str, &str> = text.lines().filter_map(|line| line.split_once(' ')).collect();
        assert_eq!(goldens.keys().collect::<Vec<_>>(), cases.keys().collect::<Vec<_>>(), "run with BLESS=1");
        let complaints: Vec<String> = in_pool(|| {
            cases
                .par_iter()
                .filter_map(|(name, source)| {
                    let (ours, golden) = (outcome(name, source, Target::of(version)), goldens[name]);
                    (ours != golden).then(|| format!("{version} {name}\n  - {golden}\n  + {ours}"))
                })
                .collect()
        });
        assert!(complaints.is_empty(), "{}", complaints.join("\n"));
    }
}

/// Sources far beyond what CPython takes, each with an answer of some kind in time that grows no faster than they do.
#[test]
fn nothing_is_too_deep_or_too_long() {
    const N: usize = 20_000;
    let wrap = |open: &str, close: &str| format!("x = {}1{}\n", open.repeat(N), close.repeat(N));
    let sources = [
        wrap("(", ")"),
        wrap("[", "]"),
        wrap("{", "}"),
        wrap("f(", ")"),
        wrap("-", ""),
        wrap("not ", ""),
        wrap("lambda: ", ""),
        wrap("a ** ", ""),
        wrap("a if b else ", ""),
        wrap("a if ", " else b"),
        wrap("await ", ""),
        wrap("f'{", "}'"),
        wrap("f'{1:{", "}}'"),
        wrap("*", ""),
        wrap("a := ", ""),
        wrap("yield ", ""),
        wrap("a < ", ""),
        wrap("a.", ""),
        wrap("a + ", ""),
        wrap("a and ", ""),
        wrap("a and b or ", ""),
        wrap("a, ", ""),
        wrap("'' ", ""),
        format!("x = a{}\n", ".b".repeat(N)),
        format!("x = a{}\n", "()".repeat(N)),
        format!("x = a{}\n", "[b]".repeat(N)),
        format!("x = a{}\n", "[b](c).d".repeat(N)),
        format!("x = [{}]\n", "a for b in c if d ".repeat(N)),
        format!("x = [a {}]\n", "for b in c ".repeat(N)),
        format!("x = [a for b in c {}]\n", "if d ".repeat(N)),
        format!("match x:\n case {}1{}: pass\n", "[".repeat(N), "]".repeat(N)),
        format!("match x:\n case {}1: pass\n", "1 | ".repeat(N)),
        format!("match x:\n case a{}: pass\n", ".b".repeat(N)),
        format!("match x:\n case {}1{}: pass\n", "A(".repeat(N), ")".repeat(N)),
        format!("if a: b\n{}", "elif a: b\n".repeat(N)),
        nested(200, "pass", |_| "if a:".to_owned()),
        nested(99, "pass", |_| "async def f():".to_owned()),
        nested(99, "pass", |_| "class A[T]:".to_owned()),
        format!("{}pass\n", "if a: ".repeat(N)),
        format!("x{}\n", " = x".repeat(N)),
        format!("import {}a\n", "a.".repeat(N)),
        format!("from {} import a\n", ".".repeat(N)),
        format!("del {}a{}\n", "(".repeat(N), ")".repeat(N)),
        format!("x = {}\n", "9".repeat(1 << 20)),
        format!("x = 0x{}\n", "f".repeat(1 << 20)),
        format!("x = 1e{}\n", "9".repeat(1 << 18)),
        format!("x = 0.{}1\n", "0".repeat(1 << 18)),
        "x = 1 << 1 << 1 << 100000000000000000000\n".to_owned(),
        "x = 2 ** 2 ** 2 ** 2 ** 2 ** 2\n".to_owned(),
        "x = 'a' * 1000000000000 * 1000000000; y = (1,) * 99999999; z = b'' * -1\n".to_owned(),
        "x = '%1000000000d' % 1; y = '%.999999999f' % 1; z = '%*d' % (99999, 1)\n".to_owned(),
        format!("x = {}\n", join(100_000, " + ", |_| "a".to_owned())),
        format!("x = {}\n", join(100_000, " + ", |i| i.to_string())),
        "\\\n".repeat(N),
        "\u{c}\t ".repeat(N),
        "\"\"\"\\\n".repeat(N),
        format!("{}\n", "a;".repeat(N)),
        format!("{}\n", "a ".repeat(N)),
        format!("{}\n", "print a, ".repeat(1000)),
        format!("{}\n", "(a for ".repeat(190)),
        format!("{}\n", "{a: ".repeat(190)),
        format!("{}\n", "f(a=".repeat(190)),
        format!("{}\n", "f(**".repeat(190)),
        format!("{}\n", "a[b:".repeat(190)),
        format!("{}\n", "lambda a=(".repeat(190)),
    ];
    let slowest: Vec<String> = in_pool(|| {
        sources
            .par_iter()
            .filter_map(|source| {
                let start = Instant::now();
                let _ = pipeline::compile(source.as_bytes(), "x.py", Target::of(PythonVersion::Py314), 0);
                let begin: String = source.chars().take(20).collect();
                (start.elapsed() > Duration::from_secs(60)).then(|| format!("{begin:?}: {:?}", start.elapsed()))
            })
            .collect()
    });
    assert!(slowest.is_empty(), "slow: {slowest:?}");
}
