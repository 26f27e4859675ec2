"""Expressions of every kind."""
numbers = [0, 1, 255, 256, -1, 1_000_000, 0xFF, 0o17, 0b1010, 0xFFFF_FFFF_FFFF_FFFF_FFFF, 10 ** 30, 1.5, 1e100, 1e-7, .5, 5., 1j, 2.5e3j, 1e400]
texts = ["a", 'b', """c
d""", r"\n", b"bytes", rb"\x00", u"unicode", "\N{SNOWMAN}\u1234\U0001F600\x41\101\
continued", "\ud800", "implicit " "concatenation " 'of three']
singletons = (None, True, False, ..., __debug__)
folded = (1 + 2 * 3, "a" * 10, -5, ~7, not 1, (1, 2) + (3,), 2 ** 10, 7 // 2, 7 % 3, 1 << 4, "abc"[1], 1 / 2, 3 @ 4 if 0 else 1)
operators = lambda a, b: (a + b, a - b, a * b, a / b, a // b, a % b, a ** b, a @ b, a << b, a >> b, a & b, a | b, a ^ b, +a, -a, ~a, not a)
comparisons = lambda a, b, c: (a < b <= c, a == b != c, a > b >= c, a is b, a is not None, a in b, a not in b, a is None)
boolean = lambda a, b, c: a and b or c and not (a or b)
conditional = 1 if numbers else 2 if texts else 3
tuple_empty, tuple_one, list_empty, dict_empty = (), (1,), [], {}
displays = [1, 2, *texts], (1, *texts, 2), {1, 2, *texts}, {"a": 1, **{}, "b": 2}, {*texts}, {**dict_empty}
constants = {"a", "b", "c"}, {"k": 1, "l": 2, "m": 3}, [1, 2, 3, 4], (1, "a", None, (2, b"b"))
large = {
    0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 5: 5, 6: 6, 7: 7, 8: 8, 9: 9, 10: 10, 11: 11, 12: 12, 13: 13, 14: 14, 15: 15, 16: 16, 17: 17,
    18: numbers,
}


def slices(s):
    s[1], s[1:2], s[:], s[::2], s[a:b:c], s[1, 2:3, ...], s[*s], s[-1]
    s[1] = s[1:2] = s[:] = s[::2] = 1
    del s[1], s[1:2], s[::2]


def calls(f, *args, **kwargs):
    f()
    f(1, 2, 3)
    f(1, key=2, other=3)
    f(*args)
    f(**kwargs)
    f(1, *args, 2, *args, key=3, **kwargs, last=4, **kwargs)
    f.method(1, key=2)
    f.method().chain[0].attribute(1)(2)
    f(x for x in args)
    f((yield), (yield 1))
    f(a := 1, (b := 2))
    any(x for x in args)
    all(x > 0 for x in args)
    tuple(x for x in args)
    f(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31, 32)


def comprehensions(rows):
    outer = 1
    [x for x in rows]
    {x for row in rows if row for x in row if x if not x}
    {k: v + outer for k, v in rows}
    (x for x in rows)
    [[y for y in x] for x in rows]
    [lambda: x for x in rows]
    [(last := x) for x in rows]
    [x for x in [1]]
    return last, [outer for outer in rows], outer


class Body:
    rows = [1, 2]
    squares = [x * x for x in rows]
    pairs = {x: [y for y in range(x)] for x in rows}


if (n := len(numbers)) > 10:
    print(n)
print(*texts, sep="", end="\n")
lambda: 0
lambda *, a=1, **k: (a, k)
lambda a, /, b=2, *c: a
