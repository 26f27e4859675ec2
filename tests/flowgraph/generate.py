#!/usr/bin/env python3
"""Writes what a real CPython 3.14 makes of instruction sequences: what its code generation gives for Python files, with
made-up constants for nested functions (whose own CPython does not tell), then what `optimize_cfg` makes of it.

    python3.14 tests/flowgraph/generate.py FILE.py ... > tests/flowgraph/NAME.txt

Needs CPython's own test extension `_testinternalcapi`. The format is read by src/flowgraph/tests.rs.
"""
import ast, opcode, random, sys
import _testinternalcapi as api

NAMES = {number: name for name, number in opcode.opmap.items()}
TARGETS = set(opcode.hasjump) | {opcode.opmap[n] for n in ('SETUP_FINALLY', 'SETUP_CLEANUP', 'SETUP_WITH')}
LOCALS = {opcode.opmap[n] for n in ('LOAD_FAST', 'STORE_FAST', 'DELETE_FAST', 'LOAD_FAST_AND_CLEAR', 'STORE_FAST_MAYBE_NULL')}
LOAD_CONST = opcode.opmap['LOAD_CONST']
POOL = [None, True, False, ..., 0, 1, 2, 7, 255, 256, -1, 10 ** 20, -2 ** 63, 3.5, -0.5, 1e300, 2j, 1.5 - 2j, '', 'a', 'abc', 'n\xe4\u20ac',
        b'', b'xy', (), (1, 2), ('a', 'b', 'c'), ((1, 2.0), None), slice(1, 2, None), slice(None, None, -1), frozenset((1, 'x'))]


def dump(value):
    match value:
        case None: return 'none'
        case True: return 'true'
        case False: return 'false'
        case _ if value is ...: return 'ellipsis'
        case int(): return f'i{value}'
        case float(): return 'f' + value.hex() if value != value or value in (1e999, -1e999) else 'f' + repr(value)
        case complex(): return f'(j f{value.real!r} f{value.imag!r})'
        case str(): return 's' + value.encode('utf-8', 'surrogatepass').hex()
        case bytes(): return 'b' + value.hex()
        case tuple(): return '(t' + ''.join(' ' + dump(v) for v in value) + ')'
        case frozenset(): return '(fs' + ''.join(' ' + v for v in sorted(map(dump, value))) + ')'
        case slice(): return f'(slice {dump(value.start)} {dump(value.stop)} {dump(value.step)})'
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


def main():
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
