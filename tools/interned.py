#!/usr/bin/env python3
"""Writes src/target/interned.txt: the strings that a real interpreter has interned before it compiles anything.

    tools/interned.py LIBRARY:LIBRARY... PYTHON3.11 PYTHON3.12 ...    # libraries' sources; a native interpreter of each version

An interpreter does not tell which strings it has interned, only whether one is. The ones tried are the words of the sources, and
the qualified names of their nested classes: a module of the library that is compiled while it is also in use finds these taken.
A line is a string and the minor versions that intern it, as hexadecimal bits: 1 for 3.11, 2 for 3.12, and so on. Strings of one
character exist once anyway, but for those that 3.11's frozen modules hold besides.
"""
import ast, itertools, os, re, subprocess, sys, warnings

OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'src', 'target', 'interned.txt')

# Names of one letter only, as the names of the probe are interned too.
PROBE = '''
import sys as s
for w in s.stdin.read().split():
    if s.intern(w) is not w:
        print(w)
'''


def nested_classes(node, prefix, found):
    """Adds the qualified names of the classes within a node that are not at the top."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)):
            name = prefix + child.name
            if isinstance(child, ast.ClassDef) and prefix:
                found.add(name)
            nested_classes(child, name + ('.' if isinstance(child, ast.ClassDef) else '.<locals>.'), found)
        else:
            nested_classes(child, prefix, found)


def ask(python, options, setup, words):
    got = subprocess.run([python, *options, '-c', setup + PROBE], input='\n'.join(sorted(words)), capture_output=True, text=True)
    if got.returncode:
        raise SystemExit(got.stderr)
    return set(got.stdout.split())


def main():
    libraries, *interpreters = sys.argv[1:]
    warnings.simplefilter('ignore')
    words, classes = set(), set()
    for path, _, files in itertools.chain.from_iterable(map(os.walk, libraries.split(':'))):
        for name in files:
            file = os.path.join(path, name)
            if name.endswith('.py') and os.path.exists(file):
                with open(file, encoding='utf-8', errors='replace') as opened:
                    text = opened.read()
                words.update(re.findall(r'(?a:[A-Za-z0-9_]{1,60})', text))
                try:
                    nested_classes(ast.parse(text), '', classes)
                except (SyntaxError, ValueError, RecursionError):
                    pass
    bits = {}
    for python in interpreters:
        minor = int(subprocess.check_output([python, '-c', 'import sys; print(sys.version_info[1])']))
        # With the modules that `py_compile` uses: `python -m compileall` has them too, and gives the same files. Without what
        # the .pth files of an installation import.
        for word in ask(python, ['-I', '-S'], 'import site, py_compile\n', words | classes):
            bits[word] = bits.get(word, 0) | 1 << minor - 11
    with open(OUT, 'w') as out:
        for word in sorted(bits):
            out.write(f'{word} {bits[word]:x}\n')


main()
