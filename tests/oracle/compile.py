"""Run by a real CPython on behalf of the differential test: compile.py LIST OUT OPTIMIZE

LIST names source files, one a line. For the file of line N (from 0) OUT/N.bin gets the marshalled code object, or OUT/N.err
the error where the interpreter refuses the source. Files are written by `py_compile`, since it shows in marshal's references
who else holds the code object and which modules are in use.
"""
import os
import py_compile
import sys
import warnings

warnings.simplefilter('ignore')
MODE = py_compile.PycInvalidationMode.UNCHECKED_HASH
HEADER = 16


def main(listing, out, optimize):
    with open(listing, encoding='utf-8', errors='surrogateescape') as f:
        paths = f.read().splitlines()
    for number, path in enumerate(paths):
        target = os.path.join(out, f'{number}.bin')
        try:
            py_compile.compile(path, target, doraise=True, optimize=optimize, invalidation_mode=MODE)
        except Exception as error:
            error = getattr(error, 'exc_value', error)
            with open(os.path.join(out, f'{number}.err'), 'w', encoding='utf-8', errors='backslashreplace') as f:
                f.write(f'{type(error).__name__}: {error}')
            continue
        with open(target, 'rb') as f:
            data = f.read()
        with open(target, 'wb') as f:
            f.write(data[HEADER:])


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
