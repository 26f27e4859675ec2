"""Run by a real CPython on behalf of tests/cases.rs: bless.py CASES VERSION

Writes beside each case CASE.py what this interpreter makes of it, and removes what it does not:
    CASE.VERSION.pyc          the file that py_compile writes (unchecked hash), at level 0
    CASE.VERSION.opt-1.pyc    the same at level 1, where its code object differs from that of level 0
    CASE.VERSION.opt-2.pyc    the same at level 2, where it differs from level 1
    CASE.VERSION.error        the error, in place of these, where the interpreter refuses the case
    CASE.VERSION.warnings     what it warns of, a line each, if it does
"""
import os
import py_compile
import sys
import tempfile
import warnings


def compiled(path, name, optimize, scratch):
    """The bytes of the .pyc file, and what was warned of."""
    target = os.path.join(scratch, 'x.pyc')
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter('always')
        py_compile.compile(path, target, dfile=name, doraise=True, optimize=optimize,
                           invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    with open(target, 'rb') as file:
        return file.read(), [f'{w.lineno}: {w.category.__name__}: {w.message}\n' for w in caught
                              # What constant folding runs into is said of the caller.
                              if w.filename == name]


def described(error):
    """An error as the test words ours."""
    text = f'{type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}\n'
    if isinstance(error, SyntaxError) and error.lineno is not None:
        text += f'{error.lineno}:{error.offset}-{error.end_lineno}:{error.end_offset}\n'
    return text


def goldens(path, name, scratch):
    found = {}
    try:
        previous = None
        for optimize in (0, 1, 2):
            data, warned = compiled(path, name, optimize, scratch)
            if data != previous:
                found[f'.opt-{optimize}.pyc' if optimize else '.pyc'] = data
            previous = data
            if optimize == 0 and warned:
                found['.warnings'] = ''.join(warned).encode()
    except py_compile.PyCompileError as error:
        found = {'.error': described(error.exc_value).encode()}
    return found


def main(cases, version):
    with tempfile.TemporaryDirectory() as scratch:
        for folder, _, files in os.walk(cases):
            for file in files:
                if not file.endswith('.py'):
                    continue
                path = os.path.join(folder, file)
                name = os.path.relpath(path, cases).replace(os.sep, '/')
                found = goldens(path, name, scratch)
                for ending in ('.pyc', '.opt-1.pyc', '.opt-2.pyc', '.error', '.warnings'):
                    golden = f'{path[:-3]}.{version}{ending}'
                    if ending in found:
                        with open(golden, 'wb') as out:
                            out.write(found[ending])
                    elif os.path.exists(golden):
                        os.remove(golden)


main(sys.argv[1], sys.argv[2])
