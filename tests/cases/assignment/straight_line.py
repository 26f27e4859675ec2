# Code without jumps: stores that undo each other, values that are popped at once, constants that are folded away, swaps.
def stored_twice(f, y):
    x = x = f(y) + 1
    z = y = z = f
    return x, z


def popped_at_once(a):
    1 + 2
    (b := a)
    "text"
    -a, +1, -1
    return b


def swapped(a, b, c):
    a, b = b, a
    a, b, c = c, a, b
    (a, b), c = (b, c), a
    return a, b, c


def folded(a):
    b = [1, 2, 3], (4, (5, 6)), {7, 8, 9}
    c = a in [1, 2], a not in {3, 4}, not a == b
    d = -5 ** 2 + 300 * 2, not not a, ~7
    for_nothing = 1000
    return b, c, d


def unbound(a):
    del a
    b = a
    return b, c
    c = 1


def with_cells(a, b):
    c = 0
    return lambda d, e=b: (a, c, d, e, unbound)


class Straight:
    """Docstring."""

    x: int = 1
    y = x, x
    z = lambda self: self.x


__all__ = ["stored_twice", "popped_at_once", "swapped", "folded"]
