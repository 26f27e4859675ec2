#!/usr/bin/env python3
"""Writes what a real CPython 3.14 makes of instruction sequences: what its code generation gives for Python files, with
made-up constants for nested functions (whose own CPython does not tell), then what `optimize_cfg` makes of it.

    python3.14 tests/flowgraph/generate.py FILE.py ... > tests/flowgraph/NAME.txt
    python3.14 tests/flowgraph/generate.py --operators COUNT > tests/flowgraph/operators.txt
    python3.14 tests/flowgraph/generate.py --statements FILE.py ... > tests/flowgraph/NAME.txt

The last form takes each compound statement of the files as a module of its own, and tells the whole code object.

Needs CPython's own test extension `_testinternalcapi`. The format is read by src/flowgraph/tests.rs.
"""
import ast, dis, opcode, random, struct, sys, types
import _testinternalcapi as api

NAMES = {number: name for name, number in opcode.opmap.items()}
TARGETS = set(opcode.hasjump) | {opcode.opmap[n] for n in ('SETUP_FINALLY', 'SETUP_CLEANUP', 'SETUP_WITH')}
LOCALS = {opcode.opmap[n] for n in ('LOAD_FAST', 'STORE_FAST', 'DELETE_FAST', 'LOAD_FAST_AND_CLEAR', 'STORE_FAST_MAYBE_NULL')}
LOAD_CONST = opcode.opmap['LOAD_CONST']
POOL = [None, True, False, ..., 0, 1, 2, 7, 255, 256, -1, 10 ** 20, -2 ** 63, 3.5, -0.5, 1e300, 2j, 1.5 - 2j, '', 'a', 'abc', 'n\xe4\u20ac',
        b'', b'xy', (), (1, 2), ('a', 'b', 'c'), ((1, 2.0), None), slice(1, 2, None), slice(None, None, -1), frozenset((1, 'x'))]


CODES = {}


def dump(value):
    match value:
        case None: return 'none'
        case True: return 'true'
        case False: return 'false'
        case _ if value is ...: return 'ellipsis'
        case int(): return f'i{value}'
        case float(): return 'f' + repr(value) if value == value else 'n' + struct.pack('>d', value).hex()
        case complex(): return f'(j {dump(value.real)} {dump(value.imag)})'
        case str(): return 's' + value.encode('utf-8', 'surrogatepass').hex()
        case bytes(): return 'b' + value.hex()
        case tuple(): return '(t' + ''.join(' ' + dump(v) for v in value) + ')'
        case frozenset(): return '(fs' + ''.join(' ' + v for v in sorted(map(dump, value))) + ')'
        case slice(): return f'(slice {dump(value.start)} {dump(value.stop)} {dump(value.step)})'
        case types.CodeType(): return f'c{CODES.setdefault(value, len(CODES))}'
        case _: return 'ellipsis'


def sequences(seq):
    yield seq
    for nested in seq.get_nested():
        yield from sequences(nested)


def one(name, instrs, consts):
    targets = {i[1] for i in instrs if i[0] in TARGETS}
    if targets and max(targets) >= len(instrs):
        return
    locals_count = max((i[1] + 1 for i in instrs if i[0] in LOCALS), default=0)
    seq = api.new_instruction_sequence()
    for i, (op, arg, *loc) in enumerate(instrs):
        if i in targets:
            seq.use_label(i)
        seq.addop(op, arg or 0, *loc)
    before = [dump(c) for c in consts]
    after = list(consts)
    try:
        result = api.optimize_cfg(seq, after, locals_count).get_instructions()
    except (ValueError, SystemError):
        return
    out = [f'unit {name}', f'locals {locals_count}']
    out += [f'const {c}' for c in before]
    for op, arg, *loc in instrs:
        out.append(' '.join(map(str, ['in', NAMES[op], arg or 0, *loc])))
    for op, arg, *loc in result:
        shown = dump(after[arg]) if op == LOAD_CONST else arg or 0
        out.append(' '.join(map(str, ['out', NAMES[op], *loc, shown])))
    print('\n'.join(out))


OPERANDS = POOL[:-1] + [3, -3, -7, 64, 99, 128, 2 ** 53 + 1, 2 ** 63, -2 ** 64 + 1, 10 ** 40 + 7, 2 ** 1023, 2 ** 1100, 3 ** 700, 0.0, -0.0, 1.0, -1.0, 0.1, -2.5, 1e-320,
                   5e-324, 1e16, 0.3333333333333333, -8.0, 1e999, -1e999, 0j, -0j, 1j, complex(-0.0, 1), complex(1e999, 1), complex(3, -4), 1e200 + 1e200j,
                   'x' * 100, '\ud800\udc00', 'spam', b'spam and eggs', b'\xff', ('a',) * 30, ((1, 2), (3,) * 100), slice(5, 1, -2),
                   slice(None, -1, None), slice(0, 10 ** 30, 3), slice('a', None, None), slice(1, 2, 0), slice(True, None, None)]
OPERATORS = [opcode.opmap['BINARY_OP'] | n << 16 for n in (0, 1, 2, 3, 5, 6, 7, 8, 9, 10, 11, 12, 26)]
UNARY = [opcode.opmap[n] for n in ('UNARY_NEGATIVE', 'UNARY_INVERT', 'UNARY_NOT')] + [opcode.opmap['CALL_INTRINSIC_1'] | 5 << 16]


def load_all(values, loc):
    """Loads of these values, and the list of them, each once."""
    unique = {dump(v): v for v in values}
    places = list(unique)
    return [(LOAD_CONST, places.index(dump(v)), *loc) for v in values], list(unique.values())


def operators(count):
    draw = random.Random(314)
    numbers = [v for v in OPERANDS if isinstance(v, (int, float, complex))]
    loc, ret = (1, 1, 0, 1), opcode.opmap['RETURN_VALUE']
    for a in OPERANDS:
        for op in UNARY:
            one('operator', [(LOAD_CONST, 0, *loc), (op & 0xffff, op >> 16, *loc), (ret, 0, *loc)], [a])
    for n in range(count):
        pool = numbers if n % 3 else OPERANDS
        a, b, op = draw.choice(pool), draw.choice(pool), draw.choice(OPERATORS)
        loads, consts = load_all([a, b], loc)
        one('operator', loads + [(op & 0xffff, op >> 16, *loc), (ret, 0, *loc)], consts)
        items = draw.sample(OPERANDS, 5)
        items = [i for i in items if not isinstance(i, slice)] + [1, True, 1.0, 1 + 0j, 0.0, -0.0]
        draw.shuffle(items)
        build, contains = opcode.opmap['BUILD_SET'], opcode.opmap['CONTAINS_OP']
        loads, consts = load_all(items, loc)
        one('set', loads[:1] + loads + [(build, len(items), *loc), (contains, 0, *loc), (ret, 0, *loc)], consts)


def statements(path):
    """The compound statements of a file that may stand in a module."""
    with open(path, 'rb') as source:
        tree = ast.parse(source.read())
    for node in ast.walk(tree):
        if isinstance(node, (ast.Try, ast.TryStar, ast.With, ast.For, ast.While, ast.If, ast.Match, ast.Assign, ast.Return)):
            if isinstance(node, ast.Return):
                if node.value is None:
                    continue
                node = ast.copy_location(ast.Expr(node.value), node)
            yield ast.Module([node], [])


def whole(name, tree, path):
    try:
        code = compile(tree, path, 'exec', dont_inherit=True)
    except SyntaxError:
        return
    seq, metadata = api.compiler_codegen(tree, path, 0)
    instrs = seq.get_instructions()
    if any(NAMES[i[0]] == 'ANNOTATIONS_PLACEHOLDER' for i in instrs) and '__annotate__' in code.co_names:
        return
    if len(code.co_cellvars) > 1:
        return
    shown = list(dis.get_instructions(code))
    index, real = {}, []
    for i in shown:
        index[i.offset] = len(real)
        if i.opname != 'EXTENDED_ARG':
            real.append(i)
    # A cell that is a local variable too has that variable's name, which is its number here.
    names = [code.co_varnames.index(n) if n in code.co_varnames else 10000 for n in code.co_cellvars]
    cells = ' '.join(map(str, ['cells', *names]))
    out = [f'unit {name}', f'locals {code.co_nlocals}', cells, f'stacksize {code.co_stacksize}'] + [f'const {dump(c)}' for c in metadata['consts']]
    for op, arg, *loc in instrs:
        out.append(' '.join(map(str, ['in', NAMES[op], arg or 0, *loc])))
    entries = dis._parse_exception_table(code)
    for i in real:
        arg = index[i.jump_target] if i.jump_target is not None else i.arg or 0
        p = [-1 if v is None else v for v in i.positions]
        handler = [f'{index[e.target]},{e.depth + 1 + e.lasti},{int(e.lasti)}' for e in entries if e.start <= i.offset < e.end]
        out.append(' '.join(map(str, ['fin', i.opname, arg, *p, *(handler or ['-'])])))
    out += [f'endconst {dump(c)}' for c in code.co_consts]
    print('\n'.join(out))


def main():
    if sys.argv[1] == '--statements':
        for path in sys.argv[2:]:
            for number, tree in enumerate(statements(path)):
                whole(f'{path.rsplit("/", 1)[-1]}:{number}', tree, path)
        return
    if sys.argv[1] == '--operators':
        return operators(int(sys.argv[2]))
    draw = random.Random(314)
    for path in sys.argv[1:]:
        with open(path, 'rb') as source:
            tree = ast.parse(source.read(), optimize=0)
        seq, metadata = api.compiler_codegen(tree, path, 0)
        for number, nested in enumerate(sequences(seq)):
            instrs = nested.get_instructions()
            count = max((i[1] + 1 for i in instrs if i[0] == LOAD_CONST), default=0)
            consts = [f'constant {i}' if i >= len(POOL) or draw.random() < .3 else v
                      for i, v in enumerate((draw.sample(POOL, len(POOL)) + [None] * count)[:count])]
            one(f'{path.rsplit("/", 1)[-1]}:{number}', instrs, consts)


main()
