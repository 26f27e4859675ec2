//! Trees compared to what CPython 3.14 gives, in the words of `ast.dump(tree, include_attributes=True)`.

use super::*;
use crate::ast::dump::dump;
use crate::lexer::tokenize;
use crate::target::PythonVersion;

fn with_tree<T>(version: PythonVersion, text: &str, show: impl FnOnce(Result<String>, &[Warning]) -> T) -> T {
    let arena = Bump::new();
    let source = SourceText::new(arena.alloc_str(text));
    let mut names = Interner::new(&arena);
    let mut warnings = Vec::new();
    let stream = tokenize(&source, &mut names);
    let result = parse_module(&source, &stream, &mut names, &arena, Target::of(version), &mut warnings);
    show(result.map(|module| dump(module, &names)), &warnings)
}

fn tree(text: &str) -> String {
    with_tree(PythonVersion::Py314, text, |result, _| result.unwrap_or_else(|error| error.message))
}

fn refuses(version: PythonVersion, text: &str) -> bool {
    with_tree(version, text, |result, _| result.is_err())
}

#[test]
fn parentheses_and_tuples() {
    let expected = "Module(body=[Expr(value=Tuple(elts=[Name(id='a', ctx=Load(), lineno=1, col_offset=1, end_lineno=1, end_col_offset=2), Tuple(elts=[Name(id='b', ctx=Load(), lineno=1, col_offset=6, end_lineno=1, end_col_offset=7)], ctx=Load(), lineno=1, col_offset=5, end_lineno=1, end_col_offset=9)], ctx=Load(), lineno=1, col_offset=0, end_lineno=1, end_col_offset=9), lineno=1, col_offset=0, end_lineno=1, end_col_offset=9)])";
    assert_eq!(tree("(a), (b,)\n"), expected);
}

#[test]
fn targets() {
    let expected = "Module(body=[Assign(targets=[Tuple(elts=[Name(id='a', ctx=Store(), lineno=1, col_offset=1, end_lineno=1, end_col_offset=2), Starred(value=Name(id='b', ctx=Store(), lineno=1, col_offset=6, end_lineno=1, end_col_offset=7), ctx=Store(), lineno=1, col_offset=5, end_lineno=1, end_col_offset=7)], ctx=Store(), lineno=1, col_offset=0, end_lineno=1, end_col_offset=7), List(elts=[Attribute(value=Name(id='c', ctx=Load(), lineno=1, col_offset=11, end_lineno=1, end_col_offset=12), attr='d', ctx=Store(), lineno=1, col_offset=11, end_lineno=1, end_col_offset=14), Subscript(value=Name(id='e', ctx=Load(), lineno=1, col_offset=16, end_lineno=1, end_col_offset=17), slice=Constant(value=0, lineno=1, col_offset=18, end_lineno=1, end_col_offset=19), ctx=Store(), lineno=1, col_offset=16, end_lineno=1, end_col_offset=20)], ctx=Store(), lineno=1, col_offset=10, end_lineno=1, end_col_offset=21)], value=Name(id='f', ctx=Load(), lineno=1, col_offset=24, end_lineno=1, end_col_offset=25), lineno=1, col_offset=0, end_lineno=1, end_col_offset=25)])";
    assert_eq!(tree("(a), *b = [c.d, e[0]] = f\n"), expected);
}

#[test]
fn annotations() {
    let expected = "Module(body=[AnnAssign(target=Name(id='a', ctx=Store(), lineno=1, col_offset=1, end_lineno=1, end_col_offset=2), annotation=Name(id='int', ctx=Load(), lineno=1, col_offset=5, end_lineno=1, end_col_offset=8), simple=0, lineno=1, col_offset=0, end_lineno=1, end_col_offset=8), AnnAssign(target=Name(id='b', ctx=Store(), lineno=2, col_offset=0, end_lineno=2, end_col_offset=1), annotation=Name(id='int', ctx=Load(), lineno=2, col_offset=3, end_lineno=2, end_col_offset=6), value=Tuple(elts=[Constant(value=1, lineno=2, col_offset=9, end_lineno=2, end_col_offset=10)], ctx=Load(), lineno=2, col_offset=9, end_lineno=2, end_col_offset=11), simple=1, lineno=2, col_offset=0, end_lineno=2, end_col_offset=11)])";
    assert_eq!(tree("(a): int\nb: int = 1,\n"), expected);
}

#[test]
fn elif_chain() {
    let expected = "Module(body=[If(test=Name(id='a', ctx=Load(), lineno=1, col_offset=3, end_lineno=1, end_col_offset=4), body=[Pass(lineno=1, col_offset=6, end_lineno=1, end_col_offset=10)], orelse=[If(test=Name(id='b', ctx=Load(), lineno=2, col_offset=5, end_lineno=2, end_col_offset=6), body=[Pass(lineno=2, col_offset=8, end_lineno=2, end_col_offset=12)], orelse=[Expr(value=Name(id='c', ctx=Load(), lineno=4, col_offset=2, end_lineno=4, end_col_offset=3), lineno=4, col_offset=2, end_lineno=4, end_col_offset=3)], lineno=2, col_offset=0, end_lineno=4, end_col_offset=4)], lineno=1, col_offset=0, end_lineno=4, end_col_offset=4)])";
    assert_eq!(tree("if a: pass\nelif b: pass\nelse:\n  c;\n"), expected);
}

#[test]
fn decorated() {
    let expected = "Module(body=[AsyncFunctionDef(name='f', args=arguments(posonlyargs=[arg(arg='a', lineno=2, col_offset=12, end_lineno=2, end_col_offset=13)], args=[arg(arg='b', lineno=2, col_offset=18, end_lineno=2, end_col_offset=19)], vararg=arg(arg='c', annotation=Starred(value=Name(id='d', ctx=Load(), lineno=2, col_offset=28, end_lineno=2, end_col_offset=29), ctx=Load(), lineno=2, col_offset=27, end_lineno=2, end_col_offset=29), lineno=2, col_offset=24, end_lineno=2, end_col_offset=29), kwonlyargs=[arg(arg='e', lineno=2, col_offset=31, end_lineno=2, end_col_offset=32), arg(arg='f', lineno=2, col_offset=34, end_lineno=2, end_col_offset=35)], kw_defaults=[None, Constant(value=2, lineno=2, col_offset=36, end_lineno=2, end_col_offset=37)], kwarg=arg(arg='g', lineno=2, col_offset=41, end_lineno=2, end_col_offset=42), defaults=[Constant(value=1, lineno=2, col_offset=20, end_lineno=2, end_col_offset=21)]), body=[Return(lineno=2, col_offset=50, end_lineno=2, end_col_offset=56)], decorator_list=[Attribute(value=Name(id='a', ctx=Load(), lineno=1, col_offset=1, end_lineno=1, end_col_offset=2), attr='b', ctx=Load(), lineno=1, col_offset=1, end_lineno=1, end_col_offset=4)], returns=Name(id='h', ctx=Load(), lineno=2, col_offset=47, end_lineno=2, end_col_offset=48), lineno=2, col_offset=0, end_lineno=2, end_col_offset=56)])";
    assert_eq!(tree("@a.b\nasync def f(a, /, b=1, *c: *d, e, f=2, **g) -> h: return\n"), expected);
}

#[test]
fn sole_generator() {
    let expected = "Module(body=[Expr(value=Call(func=Name(id='f', ctx=Load(), lineno=1, col_offset=0, end_lineno=1, end_col_offset=1), args=[GeneratorExp(elt=Name(id='x', ctx=Load(), lineno=1, col_offset=2, end_lineno=1, end_col_offset=3), generators=[comprehension(target=Name(id='x', ctx=Store(), lineno=1, col_offset=8, end_lineno=1, end_col_offset=9), iter=Name(id='y', ctx=Load(), lineno=1, col_offset=13, end_lineno=1, end_col_offset=14), is_async=0)], lineno=1, col_offset=1, end_lineno=1, end_col_offset=15)], lineno=1, col_offset=0, end_lineno=1, end_col_offset=15), lineno=1, col_offset=0, end_lineno=1, end_col_offset=15)])";
    assert_eq!(tree("f(x for x in y)\n"), expected);
}

#[test]
fn arguments() {
    let expected = "Module(body=[Expr(value=Call(func=Name(id='f', ctx=Load(), lineno=1, col_offset=0, end_lineno=1, end_col_offset=1), args=[Starred(value=Name(id='a', ctx=Load(), lineno=1, col_offset=3, end_lineno=1, end_col_offset=4), ctx=Load(), lineno=1, col_offset=2, end_lineno=1, end_col_offset=4), Starred(value=Name(id='c', ctx=Load(), lineno=1, col_offset=12, end_lineno=1, end_col_offset=13), ctx=Load(), lineno=1, col_offset=11, end_lineno=1, end_col_offset=13)], keywords=[keyword(arg='b', value=Constant(value=1, lineno=1, col_offset=8, end_lineno=1, end_col_offset=9), lineno=1, col_offset=6, end_lineno=1, end_col_offset=9), keyword(value=Name(id='d', ctx=Load(), lineno=1, col_offset=17, end_lineno=1, end_col_offset=18), lineno=1, col_offset=15, end_lineno=1, end_col_offset=18)], lineno=1, col_offset=0, end_lineno=1, end_col_offset=19), lineno=1, col_offset=0, end_lineno=1, end_col_offset=19)])";
    assert_eq!(tree("f(*a, b=1, *c, **d)\n"), expected);
}

#[test]
fn subscripts() {
    let expected = "Module(body=[Expr(value=Subscript(value=Name(id='a', ctx=Load(), lineno=1, col_offset=0, end_lineno=1, end_col_offset=1), slice=Tuple(elts=[Starred(value=Name(id='b', ctx=Load(), lineno=1, col_offset=3, end_lineno=1, end_col_offset=4), ctx=Load(), lineno=1, col_offset=2, end_lineno=1, end_col_offset=4), Slice(lower=Constant(value=1, lineno=1, col_offset=6, end_lineno=1, end_col_offset=7), upper=Constant(value=2, lineno=1, col_offset=8, end_lineno=1, end_col_offset=9), lineno=1, col_offset=6, end_lineno=1, end_col_offset=9), Slice(step=Name(id='c', ctx=Load(), lineno=1, col_offset=13, end_lineno=1, end_col_offset=14), lineno=1, col_offset=11, end_lineno=1, end_col_offset=14)], ctx=Load(), lineno=1, col_offset=2, end_lineno=1, end_col_offset=14), ctx=Load(), lineno=1, col_offset=0, end_lineno=1, end_col_offset=15), lineno=1, col_offset=0, end_lineno=1, end_col_offset=15)])";
    assert_eq!(tree("a[*b, 1:2, ::c]\n"), expected);
}

#[test]
fn comparison() {
    let expected = "Module(body=[Expr(value=Compare(left=Name(id='a', ctx=Load(), lineno=1, col_offset=0, end_lineno=1, end_col_offset=1), ops=[Lt(), NotIn(), IsNot()], comparators=[Name(id='b', ctx=Load(), lineno=1, col_offset=4, end_lineno=1, end_col_offset=5), Name(id='c', ctx=Load(), lineno=1, col_offset=13, end_lineno=1, end_col_offset=14), Name(id='d', ctx=Load(), lineno=1, col_offset=22, end_lineno=1, end_col_offset=23)], lineno=1, col_offset=0, end_lineno=1, end_col_offset=23), lineno=1, col_offset=0, end_lineno=1, end_col_offset=23)])";
    assert_eq!(tree("a < b not in c is not d\n"), expected);
}

#[test]
fn precedence() {
    let expected = "Module(body=[Expr(value=IfExp(test=Name(id='e', ctx=Load(), lineno=1, col_offset=24, end_lineno=1, end_col_offset=25), body=UnaryOp(op=Not(), operand=BinOp(left=UnaryOp(op=USub(), operand=BinOp(left=Name(id='a', ctx=Load(), lineno=1, col_offset=5, end_lineno=1, end_col_offset=6), op=Pow(), right=UnaryOp(op=USub(), operand=Name(id='b', ctx=Load(), lineno=1, col_offset=11, end_lineno=1, end_col_offset=12), lineno=1, col_offset=10, end_lineno=1, end_col_offset=12), lineno=1, col_offset=5, end_lineno=1, end_col_offset=12), lineno=1, col_offset=4, end_lineno=1, end_col_offset=12), op=Add(), right=BinOp(left=Name(id='c', ctx=Load(), lineno=1, col_offset=15, end_lineno=1, end_col_offset=16), op=Mult(), right=Name(id='d', ctx=Load(), lineno=1, col_offset=19, end_lineno=1, end_col_offset=20), lineno=1, col_offset=15, end_lineno=1, end_col_offset=20), lineno=1, col_offset=4, end_lineno=1, end_col_offset=20), lineno=1, col_offset=0, end_lineno=1, end_col_offset=20), orelse=Lambda(args=arguments(args=[arg(arg='f', lineno=1, col_offset=38, end_lineno=1, end_col_offset=39)], defaults=[Constant(value=1, lineno=1, col_offset=40, end_lineno=1, end_col_offset=41)]), body=Name(id='g', ctx=Load(), lineno=1, col_offset=43, end_lineno=1, end_col_offset=44), lineno=1, col_offset=31, end_lineno=1, end_col_offset=44), lineno=1, col_offset=0, end_lineno=1, end_col_offset=44), lineno=1, col_offset=0, end_lineno=1, end_col_offset=44)])";
    assert_eq!(tree("not -a ** -b + c * d if e else lambda f=1: g\n"), expected);
}

#[test]
fn with_items() {
    let expected = "Module(body=[With(items=[withitem(context_expr=Name(id='a', ctx=Load(), lineno=1, col_offset=6, end_lineno=1, end_col_offset=7)), withitem(context_expr=Name(id='b', ctx=Load(), lineno=1, col_offset=9, end_lineno=1, end_col_offset=10), optional_vars=Name(id='c', ctx=Store(), lineno=1, col_offset=14, end_lineno=1, end_col_offset=15))], body=[Pass(lineno=1, col_offset=19, end_lineno=1, end_col_offset=23)], lineno=1, col_offset=0, end_lineno=1, end_col_offset=23), With(items=[withitem(context_expr=Tuple(elts=[Name(id='a', ctx=Load(), lineno=2, col_offset=6, end_lineno=2, end_col_offset=7), Name(id='b', ctx=Load(), lineno=2, col_offset=9, end_lineno=2, end_col_offset=10)], ctx=Load(), lineno=2, col_offset=5, end_lineno=2, end_col_offset=11), optional_vars=Name(id='c', ctx=Store(), lineno=2, col_offset=15, end_lineno=2, end_col_offset=16))], body=[Pass(lineno=2, col_offset=18, end_lineno=2, end_col_offset=22)], lineno=2, col_offset=0, end_lineno=2, end_col_offset=22), With(items=[withitem(context_expr=Yield(lineno=3, col_offset=6, end_lineno=3, end_col_offset=11))], body=[Pass(lineno=3, col_offset=14, end_lineno=3, end_col_offset=18)], lineno=3, col_offset=0, end_lineno=3, end_col_offset=18)])";
    assert_eq!(tree("with (a, b as c,): pass\nwith (a, b) as c: pass\nwith (yield): pass\n"), expected);
}

#[test]
fn except_clauses() {
    let expected = "Module(body=[TryStar(body=[Expr(value=Name(id='a', ctx=Load(), lineno=1, col_offset=5, end_lineno=1, end_col_offset=6), lineno=1, col_offset=5, end_lineno=1, end_col_offset=6)], handlers=[ExceptHandler(type=Name(id='B', ctx=Load(), lineno=2, col_offset=8, end_lineno=2, end_col_offset=9), name='c', body=[Expr(value=Name(id='d', ctx=Load(), lineno=2, col_offset=16, end_lineno=2, end_col_offset=17), lineno=2, col_offset=16, end_lineno=2, end_col_offset=17)], lineno=2, col_offset=0, end_lineno=2, end_col_offset=17)], lineno=1, col_offset=0, end_lineno=2, end_col_offset=17), Try(body=[Expr(value=Name(id='a', ctx=Load(), lineno=3, col_offset=5, end_lineno=3, end_col_offset=6), lineno=3, col_offset=5, end_lineno=3, end_col_offset=6)], handlers=[ExceptHandler(type=Tuple(elts=[Name(id='B', ctx=Load(), lineno=4, col_offset=7, end_lineno=4, end_col_offset=8), Name(id='C', ctx=Load(), lineno=4, col_offset=10, end_lineno=4, end_col_offset=11)], ctx=Load(), lineno=4, col_offset=7, end_lineno=4, end_col_offset=11), body=[Expr(value=Name(id='d', ctx=Load(), lineno=4, col_offset=13, end_lineno=4, end_col_offset=14), lineno=4, col_offset=13, end_lineno=4, end_col_offset=14)], lineno=4, col_offset=0, end_lineno=4, end_col_offset=14)], orelse=[Expr(value=Name(id='e', ctx=Load(), lineno=5, col_offset=6, end_lineno=5, end_col_offset=7), lineno=5, col_offset=6, end_lineno=5, end_col_offset=7)], finalbody=[Expr(value=Name(id='f', ctx=Load(), lineno=6, col_offset=9, end_lineno=6, end_col_offset=10), lineno=6, col_offset=9, end_lineno=6, end_col_offset=10)], lineno=3, col_offset=0, end_lineno=6, end_col_offset=10)])";
    assert_eq!(tree("try: a\nexcept* B as c: d\ntry: a\nexcept B, C: d\nelse: e\nfinally: f\n"), expected);
}

#[test]
fn patterns() {
    let expected = "Module(body=[Match(subject=Tuple(elts=[Name(id='a', ctx=Load(), lineno=1, col_offset=6, end_lineno=1, end_col_offset=7), Starred(value=Name(id='b', ctx=Load(), lineno=1, col_offset=10, end_lineno=1, end_col_offset=11), ctx=Load(), lineno=1, col_offset=9, end_lineno=1, end_col_offset=11)], ctx=Load(), lineno=1, col_offset=6, end_lineno=1, end_col_offset=11), cases=[match_case(pattern=MatchOr(patterns=[MatchSequence(patterns=[MatchValue(value=Constant(value=1, lineno=2, col_offset=8, end_lineno=2, end_col_offset=9), lineno=2, col_offset=8, end_lineno=2, end_col_offset=9), MatchStar(lineno=2, col_offset=11, end_lineno=2, end_col_offset=13)], lineno=2, col_offset=7, end_lineno=2, end_col_offset=14), MatchMapping(keys=[Constant(value='k', lineno=2, col_offset=18, end_lineno=2, end_col_offset=21)], patterns=[MatchValue(value=BinOp(left=UnaryOp(op=USub(), operand=Constant(value=1, lineno=2, col_offset=24, end_lineno=2, end_col_offset=25), lineno=2, col_offset=23, end_lineno=2, end_col_offset=25), op=Add(), right=Constant(value=2j, lineno=2, col_offset=26, end_lineno=2, end_col_offset=28), lineno=2, col_offset=23, end_lineno=2, end_col_offset=28), lineno=2, col_offset=23, end_lineno=2, end_col_offset=28)], rest='r', lineno=2, col_offset=17, end_lineno=2, end_col_offset=34)], lineno=2, col_offset=7, end_lineno=2, end_col_offset=34), guard=Name(id='x', ctx=Load(), lineno=2, col_offset=38, end_lineno=2, end_col_offset=39), body=[Pass(lineno=2, col_offset=41, end_lineno=2, end_col_offset=45)]), match_case(pattern=MatchAs(pattern=MatchClass(cls=Attribute(value=Name(id='C', ctx=Load(), lineno=3, col_offset=7, end_lineno=3, end_col_offset=8), attr='D', ctx=Load(), lineno=3, col_offset=7, end_lineno=3, end_col_offset=10), patterns=[MatchAs(name='e', lineno=3, col_offset=11, end_lineno=3, end_col_offset=12)], kwd_attrs=['f'], kwd_patterns=[MatchSingleton(value=None, lineno=3, col_offset=16, end_lineno=3, end_col_offset=20)], lineno=3, col_offset=7, end_lineno=3, end_col_offset=21), name='g', lineno=3, col_offset=7, end_lineno=3, end_col_offset=26), body=[Pass(lineno=3, col_offset=28, end_lineno=3, end_col_offset=32)])], lineno=1, col_offset=0, end_lineno=3, end_col_offset=32)])";
    assert_eq!(
        tree("match a, *b:\n  case [1, *_] | {'k': -1+2j, **r} if x: pass\n  case C.D(e, f=None) as g: pass\n"),
        expected
    );
}

#[test]
fn soft_keywords() {
    let expected = "Module(body=[Assign(targets=[Name(id='match', ctx=Store(), lineno=1, col_offset=0, end_lineno=1, end_col_offset=5), Name(id='type', ctx=Store(), lineno=1, col_offset=8, end_lineno=1, end_col_offset=12)], value=Name(id='case', ctx=Load(), lineno=1, col_offset=15, end_lineno=1, end_col_offset=19), lineno=1, col_offset=0, end_lineno=1, end_col_offset=19), Expr(value=Call(func=Name(id='match', ctx=Load(), lineno=2, col_offset=0, end_lineno=2, end_col_offset=5), args=[Name(id='x', ctx=Load(), lineno=2, col_offset=7, end_lineno=2, end_col_offset=8)], lineno=2, col_offset=0, end_lineno=2, end_col_offset=9), lineno=2, col_offset=0, end_lineno=2, end_col_offset=9), AnnAssign(target=Subscript(value=Name(id='match', ctx=Load(), lineno=3, col_offset=0, end_lineno=3, end_col_offset=5), slice=Name(id='x', ctx=Load(), lineno=3, col_offset=6, end_lineno=3, end_col_offset=7), ctx=Store(), lineno=3, col_offset=0, end_lineno=3, end_col_offset=8), annotation=Name(id='y', ctx=Load(), lineno=3, col_offset=10, end_lineno=3, end_col_offset=11), simple=0, lineno=3, col_offset=0, end_lineno=3, end_col_offset=11), TypeAlias(name=Name(id='X', ctx=Store(), lineno=4, col_offset=5, end_lineno=4, end_col_offset=6), type_params=[TypeVar(name='T', bound=Name(id='int', ctx=Load(), lineno=4, col_offset=10, end_lineno=4, end_col_offset=13), default_value=Name(id='str', ctx=Load(), lineno=4, col_offset=16, end_lineno=4, end_col_offset=19), lineno=4, col_offset=7, end_lineno=4, end_col_offset=19), TypeVarTuple(name='Ts', lineno=4, col_offset=21, end_lineno=4, end_col_offset=24), ParamSpec(name='P', lineno=4, col_offset=26, end_lineno=4, end_col_offset=29)], value=Name(id='T', ctx=Load(), lineno=4, col_offset=33, end_lineno=4, end_col_offset=34), lineno=4, col_offset=0, end_lineno=4, end_col_offset=34)])";
    assert_eq!(tree("match = type = case\nmatch (x)\nmatch[x]: y\ntype X[T: int = str, *Ts, **P] = T\n"), expected);
}

#[test]
fn debug_field() {
    let expected = "Module(body=[Expr(value=JoinedStr(values=[Constant(value='a{x = ', lineno=1, col_offset=2, end_lineno=1, end_col_offset=10), FormattedValue(value=Name(id='x', ctx=Load(), lineno=1, col_offset=6, end_lineno=1, end_col_offset=7), conversion=114, format_spec=JoinedStr(values=[Constant(value='>', lineno=1, col_offset=13, end_lineno=1, end_col_offset=14), FormattedValue(value=Name(id='w', ctx=Load(), lineno=1, col_offset=15, end_lineno=1, end_col_offset=16), conversion=-1, lineno=1, col_offset=14, end_lineno=1, end_col_offset=17)], lineno=1, col_offset=12, end_lineno=1, end_col_offset=17), lineno=1, col_offset=5, end_lineno=1, end_col_offset=18), Constant(value='Aby=', lineno=1, col_offset=18, end_lineno=1, end_col_offset=33), FormattedValue(value=Name(id='y', ctx=Load(), lineno=1, col_offset=31, end_lineno=1, end_col_offset=32), conversion=114, lineno=1, col_offset=30, end_lineno=1, end_col_offset=34)], lineno=1, col_offset=0, end_lineno=1, end_col_offset=35), lineno=1, col_offset=0, end_lineno=1, end_col_offset=35)])";
    assert_eq!(tree("f'a{{{x = !r:>{w}}\\x41' 'b' f'{y=}'\n"), expected);
}

#[test]
fn template() {
    let expected = "Module(body=[Expr(value=TemplateStr(values=[Constant(value=' x = ', lineno=1, col_offset=3, end_lineno=1, end_col_offset=8), Interpolation(value=Name(id='x', ctx=Load(), lineno=1, col_offset=4, end_lineno=1, end_col_offset=5), str=' x ', conversion=-1, format_spec=JoinedStr(values=[Constant(value='a', lineno=1, col_offset=9, end_lineno=1, end_col_offset=10)], lineno=1, col_offset=8, end_lineno=1, end_col_offset=10), lineno=1, col_offset=2, end_lineno=1, end_col_offset=11), Interpolation(value=Name(id='y', ctx=Load(), lineno=1, col_offset=12, end_lineno=1, end_col_offset=13), str='y', conversion=115, lineno=1, col_offset=11, end_lineno=1, end_col_offset=16)], lineno=1, col_offset=0, end_lineno=1, end_col_offset=17), lineno=1, col_offset=0, end_lineno=1, end_col_offset=17)])";
    assert_eq!(tree("t'{ x = :a}{y!s}'\n"), expected);
}

#[test]
fn strings() {
    let expected = "Module(body=[Expr(value=Constant(value='a\\ud83d\\ude00\\u2022', kind='u', lineno=1, col_offset=0, end_lineno=2, end_col_offset=3), lineno=1, col_offset=0, end_lineno=2, end_col_offset=3), Expr(value=Constant(value=b'\\\\xAA', lineno=3, col_offset=0, end_lineno=3, end_col_offset=18), lineno=3, col_offset=0, end_lineno=3, end_col_offset=18)])";
    assert_eq!(tree("u'a' '\\ud83d\\ude00' '''\\N{bullet}\\\n'''\nrb'\\x' b'\\x41\\101'\n"), expected);
}

#[test]
fn numbers() {
    let expected = "Module(body=[Expr(value=Tuple(elts=[Constant(value=1208925819614629174706175, lineno=1, col_offset=0, end_lineno=1, end_col_offset=22), Constant(value=1000, lineno=1, col_offset=24, end_lineno=1, end_col_offset=29), Constant(value=inf, lineno=1, col_offset=31, end_lineno=1, end_col_offset=36), Constant(value=1.5j, lineno=1, col_offset=38, end_lineno=1, end_col_offset=42), Constant(value=15, lineno=1, col_offset=44, end_lineno=1, end_col_offset=48), Constant(value=123456789012345678901, lineno=1, col_offset=50, end_lineno=1, end_col_offset=71)], ctx=Load(), lineno=1, col_offset=0, end_lineno=1, end_col_offset=71), lineno=1, col_offset=0, end_lineno=1, end_col_offset=71)])";
    assert_eq!(tree("0xFFFFFFFFFFFFFFFFFFFF, 1_000, 1e400, 1.5j, 0o17, 123456789012345678901\n"), expected);
}

#[test]
fn imports() {
    let expected = "Module(body=[ImportFrom(names=[alias(name='a', asname='b', lineno=1, col_offset=17, end_lineno=1, end_col_offset=23), alias(name='c', lineno=1, col_offset=25, end_lineno=1, end_col_offset=26)], level=3, lineno=1, col_offset=0, end_lineno=1, end_col_offset=28), ImportFrom(module='d.e', names=[alias(name='*', lineno=2, col_offset=21, end_lineno=2, end_col_offset=22)], level=2, lineno=2, col_offset=0, end_lineno=2, end_col_offset=22), Import(names=[alias(name='f.g', asname='h', lineno=3, col_offset=7, end_lineno=3, end_col_offset=15)], lineno=3, col_offset=0, end_lineno=3, end_col_offset=15)])";
    assert_eq!(tree("from ... import (a as b, c,)\nfrom .. d . e import *\nimport f.g as h\n"), expected);
}

#[test]
fn errors_raised_while_nodes_are_built() {
    let cases = [
        ("'\\x'", "(unicode error) 'unicodeescape' codec can't decode bytes in position 0-1: truncated \\xXX escape"),
        ("b'\\xg'", "(value error) invalid \\x escape at position 0"),
        (
            "'é\\N{x}'",
            "(unicode error) 'unicodeescape' codec can't decode bytes in position 10-14: unknown Unicode character name",
        ),
        ("b'é'", "bytes can only contain ASCII literal characters"),
        ("'a' b'b'", "cannot mix bytes and nonbytes literals"),
        ("f'{x!z}'", "f-string: invalid conversion character 'z': expected 's', 'r', or 'a'"),
        ("match x:\n case 1+1: pass", "imaginary number required in complex literal"),
        ("a b", "invalid syntax"),
    ];
    for (text, message) in cases {
        assert_eq!(tree(text), message, "{text}");
    }
}

#[test]
fn deep_nesting_is_left_to_the_error_pass() {
    let check = || {
        let depth = |count: usize| {
            let arena = Bump::new();
            let source = SourceText::new(arena.alloc_str(&format!("{}x", "-".repeat(count))));
            let mut names = Interner::new(&arena);
            let stream = tokenize(&source, &mut names);
            let target = Target::of(PythonVersion::Py314);
            let parsed = parse(&source, &stream, &mut names, &arena, target, &mut Vec::new());
            let refused = invalid_syntax::refusal(&source, &stream, &names, &arena, target).is_some();
            (parsed.map(|parsed| parsed.is_deep).ok(), refused)
        };
        assert_eq!(depth(1000), (Some(false), false));
        // CPython 3.14 takes 5969 of them and no more.
        assert_eq!(depth(5969), (Some(true), false));
        assert_eq!(depth(5970), (Some(true), true));
        assert_eq!(depth(8001), (None, true));
        let sum = vec!["1"; 100_000].join("+");
        assert!(!refuses_without_dump(&sum));
    };
    std::thread::Builder::new().stack_size(256 << 20).spawn(check).unwrap().join().unwrap();
}

/// Trees as deep as this one are too deep for the dump.
fn refuses_without_dump(text: &str) -> bool {
    let arena = Bump::new();
    let source = SourceText::new(arena.alloc_str(text));
    let mut names = Interner::new(&arena);
    let stream = tokenize(&source, &mut names);
    parse_module(&source, &stream, &mut names, &arena, Target::of(PythonVersion::Py314), &mut Vec::new()).is_err()
}

#[test]
fn invalid_escapes_are_warned_of_once_a_literal() {
    let lines = with_tree(PythonVersion::Py314, "'''\n\\d\\e'''\nf'\\777'\n", |_, warnings| {
        warnings.iter().map(|w| (w.location.line, w.message.split(" is").next().map(str::to_owned))).collect::<Vec<_>>()
    });
    assert_eq!(lines, [(2, Some("\"\\d\"".to_owned())), (3, Some("\"\\777\"".to_owned()))]);
}

#[test]
fn newer_syntax_is_refused_by_older_releases() {
    let cases = [
        ("type X = int", PythonVersion::Py312),
        ("def f[T = int](): pass", PythonVersion::Py313),
        ("t''", PythonVersion::Py314),
        ("try: a\nexcept B, C: pass", PythonVersion::Py314),
        ("lazy import a", PythonVersion::Py315),
        ("[*x for x in y]", PythonVersion::Py315),
        ("{**x for x in y}", PythonVersion::Py315),
        ("match x:\n case +1: pass", PythonVersion::Py315),
    ];
    for (text, since) in cases {
        for version in PythonVersion::ALL {
            assert_eq!(refuses(version, text), version < since, "{text} in {version}");
        }
    }
}
