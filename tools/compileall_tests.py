#!/usr/bin/env python3.14
"""Runs CPython's own tests of compileall's command line with pycc in compileall's place.

    python3.14 tools/compileall_tests.py PATH-OF-PYCC [UNITTEST-ARGUMENT...]

Run it with the interpreter whose `test` package is to be used. Commands that start `-m compileall` are turned into commands of
pycc for that interpreter, with `-v`, as pycc prints `Listing` and `Compiling` only then. All else is left alone.
One test asserts exit status 0 for a path that is not there, which pycc holds to be an error: it is expected to fail.
"""

import os
import subprocess
import sys
import unittest

from test.support import script_helper

CLASSES = ("CommandLineTestsNoSourceEpoch", "CommandLineTestsWithSourceEpoch")
EXPECTED_FAILURES = {"test_invalid_arg_produces_message"}


def pycc_command(arguments):
    """The arguments of pycc and the level that stand for an interpreter's arguments, or nothing if those start another module."""
    arguments = list(arguments)
    for i in range(len(arguments) - 1):
        if arguments[i : i + 2] == ["-m", "compileall"]:
            level = sum(argument.count("O") for argument in arguments[:i])
            return [PYCC, "--python", sys.executable, "-v", *arguments[i + 2 :]], level
    return None, 0


def environment(level, isolated, extra):
    """The environment that the interpreter would heed."""
    result = {k: v for k, v in os.environ.items() if not (isolated and k.startswith("PYTHON"))}
    result.update(extra)
    if level:
        result["PYTHONOPTIMIZE"] = str(level)
    return result


def run_until_end(*arguments, **variables):
    """Takes the place of `script_helper.run_python_until_end`."""
    command, level = pycc_command(arguments)
    if command is None:
        return run_python(*arguments, **variables)
    isolated = variables.pop("__isolated", not variables)
    done = subprocess.run(
        command, stdin=subprocess.DEVNULL, capture_output=True, env=environment(level, isolated, variables)
    )
    return script_helper._PythonRunResult(done.returncode, done.stdout, done.stderr), command


def spawn(*arguments, **options):
    """Takes the place of `script_helper.spawn_python`."""
    command, level = pycc_command(arguments)
    if command is None:
        return spawn_python(*arguments, **options)
    pipe = subprocess.PIPE
    return subprocess.Popen(
        command, stdin=pipe, stdout=pipe, stderr=subprocess.STDOUT, env=environment(level, True, {}), **options
    )


def main():
    """Runs the tests and says how many passed."""
    import test.test_compileall as tests

    suite = unittest.TestSuite()
    for name in CLASSES:
        suite.addTests(unittest.defaultTestLoader.loadTestsFromTestCase(getattr(tests, name)))
    if sys.argv[2:]:
        suite = unittest.TestSuite(t for t in suite if any(word in t.id() for word in sys.argv[2:]))
    result = unittest.TextTestRunner(verbosity=1).run(suite)
    failed = {test.id().rsplit(".", 1)[-1].split(" ")[0] for test, _ in result.failures + result.errors}
    bad = len(result.failures) + len(result.errors)
    print(f"{result.testsRun - bad - len(result.skipped)} passed, {bad} failed, {len(result.skipped)} skipped")
    sys.exit(bool(failed - EXPECTED_FAILURES))


if __name__ == "__main__":
    PYCC = os.path.abspath(sys.argv[1])
    run_python, script_helper.run_python_until_end = script_helper.run_python_until_end, run_until_end
    spawn_python, script_helper.spawn_python = script_helper.spawn_python, spawn
    main()
