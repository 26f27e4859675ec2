"""Control flow of every kind; nothing here is ever run, the compiler only looks at it."""
import asyncio


def branches(a, b, c):
    if a and b or not c:
        return a
    elif a is None or b is not None:
        return b
    elif a in (1, 2, 3) and b not in [a, b] and c not in {1, 2, 3}:
        x = 1 if a else 2
    else:
        x = a < b < c
    while True:
        if x:
            break
        elif c:
            continue
        x = not (a is b)
    return x if a else (b if c else x)


def loops(items, limit):
    total = 0
    for i, (key, value) in enumerate(items):
        if value is None:
            continue
        for _ in [1, 2, 3]:
            total += value
            if total > limit:
                break
        else:
            total -= 1
        del key
    else:
        key = i
    while limit:
        limit -= 1
        try:
            total //= limit
        except ZeroDivisionError:
            break
        finally:
            total += 1
    return total, key


def handlers(source, log):
    try:
        with source as a, open(a) as b:
            data = b.read()
            if not data:
                return None
    except (OSError, ValueError) as error:
        log(error)
        raise RuntimeError from error
    except KeyError:
        pass
    else:
        log(data)
    finally:
        log("done")
    try:
        log()
    except* TypeError as group:
        log(group)
    except* ValueError:
        raise
    for item in data:
        try:
            yield item
        finally:
            if item:
                return


def swaps(a, b, c, d):
    a, b = b, a
    a, b, c = c, a, b
    a, b, c, d = d, c, b, a
    a, a = b, c
    [x, y] = (a, b)
    (x,) = (y,)
    return x, y, -1, +2.0, ~3, not 4, (1, 2, (3, "x" * 3)), [1, 2, 3, 4], {1, 2, 3}


def folds():
    size = 60 * 60 * 24 + (1 << 10) - 7 // 2 ** 3 % 5
    name = "abc"[1] + "xyz"[::-1] + ("q" "r")[0:1]
    if 0:
        size = 1
    if "text":
        name = 2
    while 0:
        size = 3
    return size, name, 1 / 3, 2j * 2j, () + (1,), b"ab" * 2, 5 if 1 else 6


def matches(command):
    match command:
        case [1, x, *rest] if x:
            return rest
        case {"a": y, **others}:
            return y, others
        case str() | bytes() as text:
            return text
        case branches(real=0, imag=z):
            return z
        case (None, True, -1):
            pass
        case _:
            return [n for n in command if n for m in n if m != n]


def closures(first, *args, key=None, **more):
    def inner():
        nonlocal first
        first = first or args
        return lambda: (first, key, more)
    try:
        del key
    except NameError:
        key = 1
    return inner, {k: v for k, v in more.items() if k}, {first for first in args}, (first for _ in args)


async def asynchronous(source):
    async with source as s:
        async for item in s:
            if item:
                await asyncio.sleep(0)
            else:
                yield item
    got = [x async for x in source if await x]
    try:
        await got
    finally:
        await source
    return


def unbound(flag):
    if flag:
        value = 1
    print(value)
    for value in flag:
        other = value
    print(other, value)
    del value
    print(value)


class Holder:
    """A class."""
    field: int = 1

    def method(self):
        super().method()
        assert self.field, "no field"
        return f"{self.field!r:>{10}} {self}"
