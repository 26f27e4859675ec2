"""Random programs, and whether pycc and CPython make the same of them.

    python3.14 tools/fuzz.py pysource SEED COUNT OUT           programs of PyPI's pysource-codegen (on PYTHONPATH), seeds SEED, SEED + 1 ...
    python3.14 tools/fuzz.py tree SEED COUNT OUT FILE ...      FILEs with statements swapped, doubled, wrapped and expressions exchanged
    python3.14 tools/fuzz.py bytes SEED COUNT OUT FILE ...     FILEs with bytes changed, dropped, doubled or replaced by what is awkward
    python3.14 tools/fuzz.py compare PYCC LEVEL FOLDER ...     compile every .py below FOLDERs with both; print what differs, by field

FILE may be @LIST, a file that names them. Each program depends on its seed alone (and, where there are FILEs, on those), and is named after it. `compare` compiles each file in
a process of its own that has done nothing but import py_compile, so nothing depends on what was compiled before.
"""

import ast
import collections
import copy
import os
import py_compile
import random
import shutil
import subprocess
import sys
import tempfile
import warnings

MODE = py_compile.PycInvalidationMode.UNCHECKED_HASH


def pysource(seed, count, out):
    from pysource_codegen import generate

    for number in range(seed, seed + count):
        try:
            yield number, generate(number, node_limit=random.Random(number).choice([50, 200, 600])).encode("utf-8", "replace")
        except Exception as error:  # the generator gives up on some seeds
            print(f"seed {number}: no program ({type(error).__name__})", file=sys.stderr)


def lists(tree):
    """The lists of statements in a tree."""
    for node in ast.walk(tree):
        for name in ("body", "orelse", "finalbody"):
            value = getattr(node, name, None)
            if isinstance(value, list) and value:
                yield value


def wrapped(rng, statement):
    """A statement inside another, which makes new paths through the graph."""
    body = [statement]
    name = ast.Name(rng.choice("abc"), ast.Load())
    target = ast.Name(rng.choice("abc"), ast.Store())
    handler = ast.ExceptHandler(rng.choice([None, name]), None, [ast.Pass()])
    shape = rng.randrange(12)
    if shape == 0:
        return ast.If(name, body, rng.choice([[], [ast.Pass()], [copy.deepcopy(statement)]]))
    if shape == 1:
        return ast.While(rng.choice([name, ast.Constant(True), ast.Constant(0)]), body, rng.choice([[], [ast.Pass()]]))
    if shape == 2:
        return ast.For(target, name, body + rng.choice([[], [ast.Break()], [ast.Continue()]]), rng.choice([[], [ast.Pass()]]))
    if shape == 3:
        handler.name = rng.choice([None, "e"]) if handler.type else None
        return ast.Try(body, [handler], rng.choice([[], [ast.Pass()]]), rng.choice([[], [ast.Pass()]]))
    if shape == 4:
        return ast.Try(body, [], [], [copy.deepcopy(statement)])
    if shape == 5:
        return ast.With([ast.withitem(name, rng.choice([None, target]))], body)
    if shape == 6:
        return ast.TryStar(body, [ast.ExceptHandler(name, rng.choice([None, "e"]), [ast.Pass()])], [], [])
    if shape == 7:
        return ast.If(ast.BoolOp(rng.choice([ast.And(), ast.Or()]), [name, ast.UnaryOp(ast.Not(), name), ast.Name("d", ast.Load())]), body, [])
    if shape == 8:
        return ast.Match(name, [ast.match_case(ast.MatchAs(ast.MatchSequence([ast.MatchStar("r"), ast.MatchValue(ast.Constant(1))]), "m"), name, body),
                                ast.match_case(ast.MatchAs(), None, [ast.Pass()])])
    if shape == 9:
        return ast.FunctionDef("f" + rng.choice("abc"), ast.arguments([], [ast.arg("a")], None, [], [], None, []), body, [], name)
    if shape == 10:
        return ast.ClassDef("C" + rng.choice("abc"), [name], [], body, [])
    return ast.If(ast.Compare(name, [ast.Lt(), ast.Is()], [name, ast.Constant(None)]), body, [ast.Expr(name)])


def mutate_tree(rng, tree):
    bodies = list(lists(tree))
    expressions = [(node, field, index, value)
                   for node in ast.walk(tree) if not isinstance(node, (ast.JoinedStr, ast.TemplateStr, ast.Dict))
                   for field, children in ast.iter_fields(node)
                   for index, value in (enumerate(children) if isinstance(children, list) else [(None, children)])
                   if isinstance(value, ast.expr) and isinstance(getattr(value, "ctx", ast.Load()), ast.Load)]
    for _ in range(rng.randrange(3, 40)):
        body = rng.choice(bodies)
        i = rng.randrange(len(body)) if body else 0
        shape = rng.choice([0, 1, 2, 2, 3, 4, 5, 6, 6, 7, 7])
        if not body:
            body.append(ast.Pass())
        elif shape == 0:
            other = rng.choice(bodies)
            if other:
                j = rng.randrange(len(other))
                body[i], other[j] = copy.deepcopy(other[j]), copy.deepcopy(body[i])
        elif shape == 1:
            body.insert(rng.randrange(len(body) + 1), copy.deepcopy(body[i]))
        elif shape in (2, 3):
            body[i] = wrapped(rng, body[i])
        elif shape == 4 and len(body) > 1:
            del body[i]
        elif shape == 5:
            jump = rng.choice([ast.Break, ast.Continue, ast.Return, ast.Raise, ast.Pass])()
            body.insert(i, ast.If(ast.Name("a", ast.Load()), [jump], []) if rng.random() < 0.5 else jump)
        elif expressions:
            node, field, index, _ = rng.choice(expressions)
            value = copy.deepcopy(rng.choice(expressions)[3])
            if isinstance(node, ast.expr) and rng.random() < 0.3:
                name = ast.Name(rng.choice("abc"), ast.Load())
                value = rng.choice([
                    lambda: ast.IfExp(value, name, ast.Constant(rng.randrange(300))),
                    lambda: ast.BoolOp(ast.And(), [value, name]),
                    lambda: ast.UnaryOp(ast.USub(), value),
                    lambda: ast.BinOp(value, ast.Mod(), name),
                    lambda: ast.Lambda(ast.arguments([], [ast.arg("a")], None, [], [], None, []), value),
                    lambda: ast.ListComp(value, [ast.comprehension(ast.Name("b", ast.Store()), name, [value], 0)]),
                    lambda: ast.NamedExpr(ast.Name("c", ast.Store()), value),
                    lambda: ast.JoinedStr([ast.FormattedValue(value, -1, None), ast.Constant(" x ")]),
                    lambda: ast.Tuple([value, ast.Constant(1), name], ast.Load()),
                ])()
            if index is None:
                setattr(node, field, value)
            elif index < len(getattr(node, field)):
                getattr(node, field)[index] = value


def tree(seed, count, out, *files):
    for number in range(seed, seed + count):
        rng = random.Random(number)
        try:
            with open(rng.choice(files), "rb") as file:
                module = ast.parse(file.read())
            if len(module.body) > 12:  # a part of the file: small programs are quick, and easy to make smaller
                start = rng.randrange(len(module.body) - 8)
                module.body = module.body[start:start + rng.randrange(4, 40)]
            if rng.random() < 0.8:  # within a loop of a function most statements are allowed
                loop = ast.While(ast.Name("a", ast.Load()), module.body, [])
                nothing = ast.arguments([], [], None, [], [], None, [])
                module.body = [rng.choice([ast.FunctionDef, ast.AsyncFunctionDef])("f", nothing, [loop], [])]
                for node in ast.walk(module):  # nor may these stand everywhere
                    if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                        node.names[0].name = "star"
                    if isinstance(node, ast.ImportFrom) and node.module == "__future__":
                        node.module = "past"
            mutate_tree(rng, module)
            source = ast.unparse(ast.fix_missing_locations(module))
            if rng.random() < 0.5:  # lines broken, so that locations are uneven
                source = source.replace(", ", ",\n  \\\n " if rng.random() < 0.1 else ", ").replace("(", "(\n" if rng.random() < 0.3 else "(")
        except Exception as error:
            print(f"seed {number}: no program ({type(error).__name__})", file=sys.stderr)
            continue
        yield number, source.encode("utf-8", "surrogatepass")


AWKWARD = [b"\0", b"\r", b"\r\n", b"\x0c", b"\t", b"\\\n", b"\xff", b"\xc3", b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"(", b")",
           b"[", b"]", b"{", b"}", b":", b";", b"'", b'"', b"'''", b'"""', b"f'", b'f"{', b"rb'", b"t'{x!r:", b"#", b"\n", b"\n  ", b"\n\t", b" ", b"=", b":=", b"->",
           b"...", b"*", b"**", b"@", b"0x", b"1_", b"1e", b"1e999999999", b"9" * 5000, b"1j", b"0" * 30, b"lambda", b" if ", b" else ", b" for ", b" in ", b" not ", b" is ",
           b"await ", b"async ", b"yield ", b"match ", b"case ", b"type ", b"del ", b"import ", b"from ", b"global x", b"nonlocal x", b"class ", b"def ", b"return ",
           b"\\N{BULLET}", b"\\x", b"\\u", b"!", b"$", b"?", b"`", b"!=", b"<>", b"$", b"\xe2\x82\xac", b"\xc2\xb5", b"\xef\xac\x81", b"__debug__", b"None",
           b"# coding: latin-1\n", b"# coding: utf-16\n", b"{" * 99, b"(" * 210, b"-" * 3000, b"not " * 1000, b"[" * 150 + b"]" * 150, b"a." * 3000, b"x if y else " * 300]


def bytes_(seed, count, out, *files):
    for number in range(seed, seed + count):
        rng = random.Random(number)
        with open(rng.choice(files), "rb") as file:
            source = bytearray(file.read())
        if len(source) > 3000:
            start = rng.randrange(len(source) - 2000)
            source = source[source.find(b"\n", start) + 1:][:rng.randrange(200, 3000)]
        for _ in range(rng.choice([1, 1, 2, 3, 8])):
            i = rng.randrange(len(source) + 1)
            j = min(len(source), i + rng.choice([0, 1, 1, 2, 5, 40]))
            shape = rng.randrange(6)
            if shape == 0:
                del source[i:j]
            elif shape == 1:
                source[i:i] = source[i:j]
            elif shape == 2:
                source[i:j] = bytes([rng.randrange(256)])
            else:
                source[i:j if shape == 3 else i] = rng.choice(AWKWARD)
        yield number, bytes(source)


FIELDS = ["co_argcount", "co_posonlyargcount", "co_kwonlyargcount", "co_stacksize", "co_flags", "co_code", "co_names", "co_varnames", "co_cellvars",
          "co_freevars", "co_filename", "co_name", "co_qualname", "co_firstlineno", "co_linetable", "co_exceptiontable"]


def fields(a, b):
    """The names of the fields in which two code objects differ."""
    for field in FIELDS:
        if getattr(a, field) != getattr(b, field):
            yield field
    if len(a.co_consts) != len(b.co_consts):
        yield "co_consts"
        return
    for x, y in zip(a.co_consts, b.co_consts):
        if isinstance(x, type(a)) and isinstance(y, type(a)):
            yield from fields(x, y)
        elif repr(x) != repr(y) and not isinstance(x, frozenset):
            yield "co_consts"


def verdict(path, level, got, scratch):
    """Compiles a file in a child process; says how what pycc made of it differs."""
    import marshal

    target = f"{scratch}/{os.getpid()}.pyc"
    try:
        py_compile.compile(path, target, doraise=True, optimize=level, invalidation_mode=MODE)
    except BaseException as error:
        error = getattr(error, "exc_value", error)
        if got is None:
            return "both refuse"
        return f"accepted: {type(error).__name__}: {str(error)[:100]}"
    with open(target, "rb") as file:
        want = file.read()
    os.unlink(target)
    if got is None:
        return "refused"
    if got == want:
        return "identical"
    if got[:16] != want[:16]:
        return "differs: header"
    try:
        found = sorted(set(fields(marshal.loads(want[16:]), marshal.loads(got[16:]))))
    except Exception as error:
        return f"differs: unreadable ({error})"
    return f"differs: {' '.join(found)}" if found else "same code"


def child(path, level, got, scratch, seconds=60):
    """`verdict` in a process that ends with it."""
    import signal

    reader, writer = os.pipe()
    pid = os.fork()
    if pid == 0:
        signal.alarm(seconds)
        os.write(writer, verdict(path, level, got, scratch).encode("utf-8", "replace"))
        os._exit(0)
    os.close(writer)
    answer = b""
    while part := os.read(reader, 4096):
        answer += part
    os.close(reader)
    _, status = os.waitpid(pid, 0)
    if status:
        return f"CPython died ({status})" if got is not None else "both refuse"
    return answer.decode()


def compare(pycc, level, *folders):
    warnings.simplefilter("ignore")
    level = int(level)
    for folder in folders:
        ran = subprocess.run([pycc, "-q", "-f", "--python-version", f"3.{sys.version_info[1]}", "--invalidation-mode", "unchecked-hash",
                              "-o", str(level), folder], capture_output=True, text=True, errors="replace")
        if ran.returncode not in (0, 1):
            sys.exit(f"pycc ended with {ran.returncode}\n{ran.stderr[-2000:]}")
        for line in ran.stderr.splitlines():
            if "internal" in line:
                print(line)
    paths = []
    for folder in folders:
        for parent, names, files in os.walk(folder):
            names.sort()
            paths += [os.path.join(parent, name) for name in sorted(files) if name.endswith(".py")]
    scratch = tempfile.mkdtemp()
    counts = collections.Counter()
    for path in paths:
        if os.path.islink(path):
            continue
        parent, name = os.path.split(path)
        made = f"{parent}/__pycache__/{name[:-3]}.{sys.implementation.cache_tag}{f'.opt-{level}' if level else ''}.pyc"
        got = None
        if os.path.exists(made):
            with open(made, "rb") as file:
                got = file.read()
        found = child(path, level, got, scratch)
        counts[found if found.startswith("differs") else found.split(":")[0]] += 1
        if found not in ("identical", "both refuse"):
            print(f"{path}\t{found}", flush=True)
    shutil.rmtree(scratch)
    print(f"{sys.implementation.cache_tag} -O{level}: {sum(counts.values())} files: " + ", ".join(f"{v} {k}" for k, v in counts.most_common()))


def write(programs, out):
    os.makedirs(out, exist_ok=True)
    for number, source in programs:
        with open(os.path.join(out, f"p{number}.py"), "wb") as file:
            file.write(source)


def main(command, *arguments):
    warnings.simplefilter("ignore")
    if command == "compare":
        return compare(*arguments)
    seed, count, out, *files = arguments
    if files and files[0].startswith("@"):  # a file that lists them
        with open(files[0][1:]) as file:
            files = file.read().splitlines()
    write({"pysource": pysource, "tree": tree, "bytes": bytes_}[command](int(seed), int(count), out, *files), out)


if __name__ == "__main__":
    main(*sys.argv[1:])
