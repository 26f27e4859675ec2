"""Writes src/source/unicode_17_names.txt: the character names that are new in Unicode 17.

Usage: python3 tools/unicode_names.py PYTHON3.14 PYTHON3.15 > src/source/unicode_17_names.txt

The names of ideographs are computed and left out. A line is a code point in hexadecimal and its name; lines are in the order of the
names.
"""

import subprocess
import sys

ASK = """
import unicodedata
for c in range(0x110000):
    name = unicodedata.name(chr(c), '')
    if name and 'IDEOGRAPH-' not in name:
        print(f'{c:x} {name}')
"""


def ask(python):
    return set(subprocess.check_output([python, "-c", ASK], text=True).splitlines())


old, new = map(ask, sys.argv[1:])
for line in sorted(new - old, key=lambda line: line.split(" ", 1)[1].encode()):
    print(line)
