"""Functions, decorators, generators, closures."""
import functools


def add(a, b):
    """Adds."""
    return a + b


def sub(a, b=1, /, c=2, *args, d, e=3, **kwargs) -> int:
    """Subtracts.

        More text, indented.
    """
    return a - b


def annotated(a: int, b: "str" = "x", *args: tuple, c: float = 1.0, **kwargs: dict) -> None: ...


@functools.cache
@functools.wraps(add)
def decorated():
    pass


def generator(n):
    x = yield
    y = yield n
    yield from range(n)
    z = yield from generator(n - 1)
    try:
        yield 1
    finally:
        yield 2
    return x, y, z


def closure(x):
    y = x

    def inner(z=y):
        return x + y + z

    class Local:
        attribute = y

        def method(self):
            return x, __class__

    return inner, Local, lambda: (x, y), [x for _ in range(y)]


def unbound(flag):
    if flag:
        value = 1
    print(value)
    del value
    print(value)
    try:
        pass
    except Exception as value:
        pass
    return value


def many_locals():
    a = b = c = d = e = f = 0
    a, b = b, a
    a, b, c = c, b, a
    return a, b, c, d, e, f


def mangled():
    class Private:
        __attribute = 1

        def __method(self):
            self.__attribute = self.__method
            import __module
            return __name, __dunder__

    return Private
