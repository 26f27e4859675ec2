//! Trees compared to those of CPython 3.14, in the words of `ast.dump(ast.parse(text, optimize=level), include_attributes=True)`.

use super::*;
use crate::ast::dump::dump;
use crate::ast::{Expr, ExprKind, Stmt, StmtKind, UnaryOp};
use crate::ir::Room;
use crate::lexer::tokenize;
use crate::object::{ConstCache, Constant, PyStr};
use crate::parser;
use crate::source::{Interner, Location, SourceText};
use crate::target::{PythonVersion, Target};

/// Parses, runs the pass, and shows the trees before and after it, the names, and the warnings.
fn with_trees<T>(
    text: &str,
    optimize: u8,
    future_flags: u32,
    show: impl FnOnce(&Module<'_>, &Module<'_>, &Interner<'_>, &[Warning]) -> T,
) -> T {
    let arena = Bump::new();
    let target = Target::of(PythonVersion::Py314);
    let source = SourceText::new(arena.alloc_str(text));
    let mut names = Interner::new(&arena);
    let mut warnings = Vec::new();
    let stream = tokenize(&source, &mut names);
    let parsed = parser::parse(&source, &stream, &mut names, &arena, target, &mut warnings);
    let Ok(parsed) = parsed else { panic!("{text:?} does not parse") };
    let before = parsed.module;
    let mut consts = ConstCache::new(&arena);
    let mut cx = CompileContext {
        arena: &arena,
        target,
        optimize,
        filename: PyStr::new("x.py"),
        names: &mut names,
        consts: &mut consts,
        warnings: &mut warnings,
        room: &mut Room::new(&mut [], &arena),
    };
    let after = preprocess(before, &mut cx, future_flags).unwrap();
    show(before, after, &names, &warnings)
}

fn tree(text: &str, optimize: u8) -> String {
    with_trees(text, optimize, 0, |_, after, names, _| dump(after, names))
}

fn is_unchanged(text: &str, optimize: u8, future_flags: u32) -> bool {
    with_trees(text, optimize, future_flags, |before, after, _, _| std::ptr::eq(before, after))
}

/// The warnings as "line: message".
fn warnings(text: &str) -> Vec<String> {
    let describe = |warning: &Warning| format!("{}: {}", warning.location.line, warning.message);
    with_trees(text, 0, 0, |_, _, _, warnings| warnings.iter().map(describe).collect())
}

#[test]
fn formats() {
    let expected = "Module(body=[Expr(value=JoinedStr(values=[Constant(value='a%', lineno=-1, col_offset=-1, end_lineno=-1, end_col_offset=-1), FormattedValue(value=Name(id='x', ctx=Load(), lineno=1, col_offset=19, end_lineno=1, end_col_offset=20), conversion=115, format_spec=Constant(value='5', lineno=-1, col_offset=-1, end_lineno=-1, end_col_offset=-1), lineno=1, col_offset=19, end_lineno=1, end_col_offset=20), Constant(value='|', lineno=-1, col_offset=-1, end_lineno=-1, end_col_offset=-1), FormattedValue(value=Name(id='y', ctx=Load(), lineno=1, col_offset=22, end_lineno=1, end_col_offset=23), conversion=114, format_spec=Constant(value='>5.2', lineno=-1, col_offset=-1, end_lineno=-1, end_col_offset=-1), lineno=1, col_offset=22, end_lineno=1, end_col_offset=23)], lineno=1, col_offset=0, end_lineno=1, end_col_offset=24), lineno=1, col_offset=0, end_lineno=1, end_col_offset=24)])";
    assert_eq!(tree("'a%%%-5s|%5.2r' % (x, y)\n", 1), expected);
    let expected = "Module(body=[Expr(value=JoinedStr(values=[Constant(value='%', lineno=-1, col_offset=-1, end_lineno=-1, end_col_offset=-1)], lineno=1, col_offset=0, end_lineno=1, end_col_offset=9), lineno=1, col_offset=0, end_lineno=1, end_col_offset=9)])";
    assert_eq!(tree("'%%' % ()\n", 1), expected);
    let expected = "Module(body=[Expr(value=BinOp(left=Constant(value='%s', lineno=1, col_offset=0, end_lineno=1, end_col_offset=4), op=Mod(), right=Tuple(elts=[Starred(value=Name(id='x', ctx=Load(), lineno=1, col_offset=9, end_lineno=1, end_col_offset=10), ctx=Load(), lineno=1, col_offset=8, end_lineno=1, end_col_offset=10)], ctx=Load(), lineno=1, col_offset=7, end_lineno=1, end_col_offset=12), lineno=1, col_offset=0, end_lineno=1, end_col_offset=12), lineno=1, col_offset=0, end_lineno=1, end_col_offset=12)])";
    assert_eq!(tree("'%s' % (*x,)\n", 1), expected);
    let expected = "Module(body=[Expr(value=BinOp(left=Constant(value='%100s', lineno=1, col_offset=0, end_lineno=1, end_col_offset=7), op=Mod(), right=Tuple(elts=[Name(id='x', ctx=Load(), lineno=1, col_offset=11, end_lineno=1, end_col_offset=12)], ctx=Load(), lineno=1, col_offset=10, end_lineno=1, end_col_offset=14), lineno=1, col_offset=0, end_lineno=1, end_col_offset=14), lineno=1, col_offset=0, end_lineno=1, end_col_offset=14)])";
    assert_eq!(tree("'%100s' % (x,)\n", 1), expected);
}

#[test]
fn debug() {
    let expected = "Module(body=[Expr(value=Call(func=Name(id='f', ctx=Load(), lineno=1, col_offset=0, end_lineno=1, end_col_offset=1), args=[Constant(value=False, lineno=1, col_offset=2, end_lineno=1, end_col_offset=11)], lineno=1, col_offset=0, end_lineno=1, end_col_offset=12), lineno=1, col_offset=0, end_lineno=1, end_col_offset=12)])";
    assert_eq!(tree("f(__debug__)\n", 1), expected);
}

#[test]
fn docstrings() {
    let expected = "Module(body=[FunctionDef(name='f', args=arguments(), body=[Pass(lineno=2, col_offset=2, end_lineno=2, end_col_offset=6)], lineno=1, col_offset=0, end_lineno=3, end_col_offset=6)])";
    assert_eq!(tree("def f():\n  '''a\n  b'''\n", 2), expected);
    let expected = "Module(body=[Expr(value=JoinedStr(values=[Constant(value='b', lineno=2, col_offset=0, end_lineno=2, end_col_offset=3)], lineno=2, col_offset=0, end_lineno=2, end_col_offset=3), lineno=2, col_offset=0, end_lineno=2, end_col_offset=3), Expr(value=Name(id='c', ctx=Load(), lineno=3, col_offset=0, end_lineno=3, end_col_offset=1), lineno=3, col_offset=0, end_lineno=3, end_col_offset=1)])";
    assert_eq!(tree("'a'\n'b'\nc\n", 2), expected);
}

#[test]
fn numbers_in_patterns() {
    let expected = "Module(body=[Match(subject=Name(id='x', ctx=Load(), lineno=1, col_offset=6, end_lineno=1, end_col_offset=7), cases=[match_case(pattern=MatchOr(patterns=[MatchValue(value=Constant(value=-9223372036854775808, lineno=2, col_offset=6, end_lineno=2, end_col_offset=26), lineno=2, col_offset=6, end_lineno=2, end_col_offset=26), MatchValue(value=Constant(value=-0.0, lineno=2, col_offset=29, end_lineno=2, end_col_offset=33), lineno=2, col_offset=29, end_lineno=2, end_col_offset=33), MatchValue(value=Constant(value=(-1-2j), lineno=2, col_offset=36, end_lineno=2, end_col_offset=41), lineno=2, col_offset=36, end_lineno=2, end_col_offset=41), MatchMapping(keys=[Constant(value=-1, lineno=2, col_offset=45, end_lineno=2, end_col_offset=47)], patterns=[MatchAs(name='y', lineno=2, col_offset=49, end_lineno=2, end_col_offset=50)], lineno=2, col_offset=44, end_lineno=2, end_col_offset=51)], lineno=2, col_offset=6, end_lineno=2, end_col_offset=51), body=[Pass(lineno=2, col_offset=53, end_lineno=2, end_col_offset=57)])], lineno=1, col_offset=0, end_lineno=2, end_col_offset=57)])";
    assert_eq!(tree("match x:\n case -9223372036854775808 | -0.0 | -1-2j | {-1: y}: pass\n", 1), expected);
}

#[test]
fn nothing_to_do_keeps_the_tree() {
    assert!(is_unchanged("'doc'\ndef f(a: b = 1) -> c:\n  'doc'\n  return '%d' % (a,), -1\n", 0, 0));
    assert!(is_unchanged(
        "def f(a: __debug__, *b: __debug__) -> __debug__:\n  c: __debug__\n",
        0,
        flags::FUTURE_ANNOTATIONS
    ));
    assert!(!is_unchanged("def f(*b: __debug__): pass\n", 0, 0));
    assert!(!is_unchanged("'doc'\n", 2, 0));
}

#[test]
fn exits_from_finally() {
    let text = "\
while a:
  try: pass
  finally:
    for b in c:
      return
    else: return
    def f(): return
    class A:
      if d: break
      def g(): return
    while e:
      try: pass
      finally: continue
";
    let expected =
        ["6: 'return' in a 'finally' block", "9: 'break' in a 'finally' block", "13: 'continue' in a 'finally' block"];
    assert_eq!(warnings(text), expected);
}

/// Compiles as many `not` as the number says, around `None`.
fn deep_tree(depth: u32) -> Result<()> {
    let arena = Bump::new();
    let location = Location::NONE;
    let mut value: &Expr<'_> =
        arena.alloc(Expr { kind: ExprKind::Constant { value: Constant::None, is_u: false }, location });
    for _ in 0..depth {
        value = arena.alloc(Expr { kind: ExprKind::UnaryOp { op: UnaryOp::Not, operand: value }, location });
    }
    let stmt: &Stmt<'_> = arena.alloc(Stmt { kind: StmtKind::Expr { value }, location });
    let module: &Module<'_> = arena.alloc(Module { body: arena.alloc_slice_copy(&[stmt]), rewrites: None });
    let mut cx = CompileContext {
        arena: &arena,
        target: Target::of(PythonVersion::Py314),
        optimize: 0,
        filename: PyStr::new("x.py"),
        names: &mut Interner::new(&arena),
        consts: &mut ConstCache::new(&arena),
        warnings: &mut Vec::new(),
        room: &mut Room::new(&mut [], &arena),
    };
    preprocess(module, &mut cx, 0).map(|_| ())
}

#[test]
fn too_deep() {
    let thread = std::thread::Builder::new().stack_size(1 << 30);
    let run = || (deep_tree(MAX_TREE_DEPTH - 1), deep_tree(MAX_TREE_DEPTH));
    let results = thread.spawn(run).unwrap().join().unwrap();
    assert_eq!(results, (Ok(()), Err(CompileError::too_deep())));
}
