#!/usr/bin/env python3
"""Writes src/target/interned.txt: the words that a real interpreter has interned before it compiles anything.

    tools/interned.py ORACLES/bin LIBRARY    # the folder that holds python3.11 ... python3.15; any folder of Python sources

The words tried are those of the sources, as an interpreter does not tell which strings it has interned, only whether one is.
A line is a word and the minor versions that intern it, as hexadecimal bits: 1 for 3.11, 2 for 3.12, and so on. Words of one
character are left out, as their strings exist once anyway.
"""
import os, re, subprocess, sys

# 3.12 has no native build among the oracles; it gets the words that both of its neighbours intern.
VERSIONS = [11, 13, 14, 15]
OUT = os.path.join(os.path.dirname(os.path.abspath(__file__)), '..', 'src', 'target', 'interned.txt')

# Names of one letter only, as the names of the probe are interned too.
PROBE = '''
import sys as s
for w in s.stdin.read().split():
    if s.intern(w) is not w:
        print(w)
'''


def main():
    folder, library = sys.argv[1:]
    words = set()
    for path, _, files in os.walk(library):
        for name in files:
            if name.endswith('.py') and os.path.exists(os.path.join(path, name)):
                with open(os.path.join(path, name), encoding='utf-8', errors='replace') as file:
                    words.update(re.findall(r'(?a:[A-Za-z0-9_]{2,60})', file.read()))
    bits = {}
    for v in VERSIONS:
        python = os.path.join(folder, f'python3.{v}')
        got = subprocess.run([python, '-I', '-S', '-c', PROBE], input='\n'.join(sorted(words)), capture_output=True, text=True)
        if got.returncode:
            raise SystemExit(got.stderr)
        for word in got.stdout.split():
            bits[word] = bits.get(word, 0) | 1 << v - 11
    with open(OUT, 'w') as out:
        for word in sorted(bits):
            if bits[word] & 5 == 5:
                bits[word] |= 2
            out.write(f'{word} {bits[word]:x}\n')


main()
