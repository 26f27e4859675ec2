"""Write cases for tests/syntax_errors.rs with the errors of the CPython that runs this.

    python3.14 tools/syntax_errors.py tests LIB/test/test_syntax.py ...   the bad snippets of CPython's own tests
    python3.14 tools/syntax_errors.py mutate SEED COUNT FILE ...          files with a token dropped, doubled, swapped or replaced
    python3.14 tools/syntax_errors.py lines FILE                          one snippet a line, as Python string literals
    python3.14 tools/syntax_errors.py again FILE                          the sources of another run of this
    python3.14 tools/syntax_errors.py show FILE                           the cases of another run of this

Each case is a line of JSON: the source, and what ast.parse raises, or null. `show` adds what py_compile says of it.
"""

import ast
import doctest
import io
import json
import os
import py_compile
import random
import re
import sys
import tempfile
import textwrap
import tokenize
import warnings

warnings.simplefilter("ignore")


def error_of(source):
    try:
        ast.parse(source, "f")
    except SyntaxError as e:
        if e.msg == "not a chance" or e.msg.startswith("future feature"):
            return None  # found behind the parser
        return [type(e).__name__, e.msg, e.lineno, e.offset, e.end_lineno, e.end_offset]
    except (ValueError, MemoryError, RecursionError, OverflowError) as e:
        return [type(e).__name__, str(e), None, None, None, None]
    return None


def show(source, seen=set()):
    if source in seen or "\0" in source or "\r" in source or any("\ud800" <= c <= "\udfff" for c in source):
        return
    seen.add(source)
    print(json.dumps([source, error_of(source)], ensure_ascii=False))


def shown(source):
    """What py_compile says of a file with this source, or null."""
    with open("bad.py", "wb") as file:
        file.write(source.encode())
    try:
        py_compile.compile("bad.py", "bad.pyc", doraise=True)
    except py_compile.PyCompileError as e:
        return e.msg
    return None


def snippets(path):
    """Sources in doctests and in strings of a test file, those that the grammar refuses."""
    text = open(path, encoding="utf-8").read()
    tree = ast.parse(text)
    for node in ast.walk(tree):
        if not (isinstance(node, ast.Constant) and isinstance(node.value, str)):
            continue
        value = node.value
        if ">>>" in value:
            try:
                for example in doctest.DocTestParser().get_examples(value):
                    yield example.source
            except ValueError:
                pass
            continue
        if len(value) < 4000:
            yield value
            if "\n" in value:
                yield textwrap.dedent(value)
                for part in re.split(r"\n\s*\n", textwrap.dedent(value)):
                    yield part


EXTRA = """( ) [ ] { } : , ; . ... -> := = == != += ** * / + - ~ @ not in is if else elif for while with as def class lambda
    async await try except finally return yield import from del pass break continue raise assert global nonlocal and or
    None True False match case type print x 1 1j 'a' b'b' f'{x}' f"{ t'' \\ $ ? ! <> <""".split()


def mutate(source, rng):
    """A stretch of the file with one or two tokens changed."""
    try:
        tokens = [t for t in tokenize.generate_tokens(io.StringIO(source).readline) if t.string]
    except (tokenize.TokenError, SyntaxError):
        return source
    lines = source.splitlines(keepends=True)
    starts = [0]
    for line in lines:
        starts.append(starts[-1] + len(line))

    def at(place):
        return starts[place[0] - 1] + place[1]

    spans = [(at(t.start), at(t.end)) for t in tokens if t.type != tokenize.ENDMARKER]
    if len(spans) < 3:
        return source
    for _ in range(rng.choice((1, 1, 1, 2))):
        i = rng.randrange(len(spans) - 1)
        (a, b), (c, d) = spans[i], spans[i + 1]
        choice = rng.randrange(8)
        if choice == 0:
            return source[:a] + source[b:]
        if choice == 1:
            return source[:b] + " " + source[a:b] + source[b:]
        if choice == 2:
            return source[:a] + source[c:d] + " " + source[a:b] + source[d:]
        if choice in (3, 4):
            return source[:a] + rng.choice(EXTRA) + source[b:]
        if choice in (5, 6):
            return source[:a] + rng.choice(EXTRA) + " " + source[a:]
        if choice == 7:
            j = rng.randrange(len(spans))
            return source[:a] + source[spans[j][0]:spans[j][1]] + source[b:]
    return source


def stretch(source, rng):
    """Some top-level statements of a file, so that cases stay short."""
    tree = ast.parse(source)
    if not tree.body:
        return source
    lines = source.splitlines(keepends=True)
    i = rng.randrange(len(tree.body))
    first, last = tree.body[i], tree.body[min(i + rng.randrange(3), len(tree.body) - 1)]
    text = "".join(lines[first.lineno - 1:last.end_lineno])
    return text


def main():
    command, *rest = sys.argv[1:]
    if command == "tests":
        for path in rest:
            for snippet in snippets(path):
                if error_of(snippet) is not None:
                    show(snippet)
    elif command == "mutate":
        rng = random.Random(int(rest[0]))
        sources = [open(path, encoding="utf-8").read() for path in rest[2:]]
        done = 0
        while done < int(rest[1]):
            text = stretch(rng.choice(sources), rng)
            if not 3 < len(text) < 4000:
                continue
            try:
                show(mutate(text, rng))
            except (IndentationError, SyntaxError, IndexError):
                continue
            done += 1
    elif command == "lines":
        for line in open(rest[0], encoding="utf-8"):
            if line.strip():
                show(ast.literal_eval(line.strip()))
    elif command == "again":
        for line in open(rest[0], encoding="utf-8"):
            show(json.loads(line)[0])
    elif command == "show":
        lines = open(rest[0], encoding="utf-8").read().splitlines()
        with tempfile.TemporaryDirectory() as folder:
            os.chdir(folder)
            for line in lines:
                source, error = json.loads(line)[:2]
                if error is not None and "coding" not in source:
                    print(json.dumps([source, error, shown(source)], ensure_ascii=False))
    else:
        sys.exit(__doc__)


main()
