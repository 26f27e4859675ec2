"""Run by a real CPython on behalf of the differential test: compile.py LIST OUT OPTIMIZE

LIST names source files, one a line. For the file of line N (from 0) OUT/N.bin gets the marshalled code object, or OUT/N.err
the error where the interpreter refuses the source.
"""
import marshal
import os
import sys
import warnings

warnings.simplefilter('ignore')


def main(listing, out, optimize):
    with open(listing, encoding='utf-8', errors='surrogateescape') as f:
        paths = f.read().splitlines()
    for number, path in enumerate(paths):
        with open(path, 'rb') as f:
            source = f.read()
        try:
            code = compile(source, path, 'exec', dont_inherit=True, optimize=optimize)
        except Exception as error:
            with open(os.path.join(out, f'{number}.err'), 'w', encoding='utf-8', errors='backslashreplace') as f:
                f.write(f'{type(error).__name__}: {error}')
            continue
        with open(os.path.join(out, f'{number}.bin'), 'wb') as f:
            f.write(marshal.dumps(code))


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
