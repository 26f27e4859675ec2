"""Simple and compound statements."""
import os
import os.path as path, sys
import collections.abc
from . import expressions
from .. import sample as itself
from .functions import (add, sub as subtract,)
from math import *

x = y = z = 1
a, (b, *c), [d, *e] = range(5), (1, 2, 3), "xy"
x += 1; y -= 2; z *= 3
x /= 4; y //= 5; z %= 6
x **= 2; y <<= 1; z >>= 1
x |= 1; y &= 2; z ^= 3
x @= y
counter: int = 0
pending: "list[int]"
itself.attribute: str = "a"
itself.items[0]: int
(parenthesised): int = 3
itself.items[0] += 1
itself.items[1:2] += [3]
itself.attribute += "b"
del x, (y, z), itself.items[0], itself.attribute, itself.items[1:2]
pass
assert counter >= 0
assert counter < 10, f"too many: {counter}"


def control(values, flag=False):
    if not values:
        return None
    elif flag and values[0] or not flag:
        result = 1
    else:
        result = 2
    if 0:
        never()
    if __debug__:
        print("debug")
    while result < 10:
        result += 1
        if result == 5:
            continue
        if result == 7:
            break
    else:
        result = 0
    while True:
        result -= 1
        if result < 0:
            break
    for i, (j, *rest) in enumerate(values):
        if i in (1, 2, 3):
            continue
        if j not in {"a", "b"}:
            break
    else:
        return result
    for item in [1, 2, 3]:
        print(item)
    return rest


def errors(action):
    try:
        action()
    except (ValueError, TypeError) as error:
        print(error)
        raise
    except OSError:
        raise RuntimeError("failed") from None
    except:
        return 1
    else:
        action()
    finally:
        print("done")
    try:
        action()
    finally:
        action()
    for i in range(3):
        try:
            if i:
                continue
            break
        except KeyError as e:
            return e
        finally:
            print(i)
    try:
        action()
    except* ValueError as group:
        print(group.exceptions)
    except* (TypeError, KeyError):
        pass
    else:
        print("fine")
    finally:
        print("end")
    raise
    raise ValueError
    raise ValueError(1) from OSError()


def contexts(manager):
    with manager:
        pass
    with manager as m, manager() as (n, o):
        print(m, n, o)
    with (manager as m, manager as n,):
        return m
    for i in range(3):
        with open(str(i)) as f, open("b"):
            if i == 1:
                break
            if i == 2:
                return f.read()
            continue


def scopes():
    global counter, total
    counter = total = 0
    local = 1

    def inner():
        nonlocal local
        local += 1
        del local

        def innermost():
            return local, counter

        return innermost

    return inner


if sys.version_info >= (3, 11):
    conditional: int = 1
elif path:
    conditional = 2
else:
    conditional: str = "3"
type = match = case = _ = 1
type[0]
match[case]
print(type, match, case)
