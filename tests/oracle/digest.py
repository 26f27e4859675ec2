"""Run by a real CPython on behalf of tests/extremes.rs: digest.py FOLDER GOLDENS

FOLDER holds sources NAME.py. Writes to GOLDENS a line for each: the name, then either the length and the SipHash of the code object
that py_compile writes at each of the levels 0 and 2, or `refused` and the error's type and message.
"""
import importlib.util
import os
import py_compile
import sys
import warnings

HEADER = 16


def digest(path, name, optimize):
    py_compile.compile(path, path + 'c', dfile=f'{name}.py', doraise=True, optimize=optimize,
                       invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH)
    with open(path + 'c', 'rb') as file:
        code = file.read()[HEADER:]
    return f'{len(code)}:{importlib.util.source_hash(code).hex()}'


def line(path, name):
    try:
        return ' '.join(digest(path, name, optimize) for optimize in (0, 2))
    except py_compile.PyCompileError as error:
        error = error.exc_value
        return f'refused {type(error).__name__}: {error.msg if isinstance(error, SyntaxError) else error}'


def main(folder, golden):
    warnings.simplefilter('ignore')
    with open(golden, 'w', encoding='utf-8') as out:
        for file in sorted(os.listdir(folder)):
            if file.endswith('.py'):
                # A process for each, as a code object's references tell what was compiled before.
                out.flush()
                pid = os.fork()
                if pid == 0:
                    out.write(f'{file[:-3]} {line(os.path.join(folder, file), file[:-3])}\n')
                    out.flush()
                    os._exit(0)
                if os.waitpid(pid, 0)[1]:
                    sys.exit(f'CPython died of {file}')


main(sys.argv[1], sys.argv[2])
