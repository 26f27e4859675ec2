def f(a):
    b = 1

    def g(c):
        def h():
            return a, b, c, d
        return h
    d = 2
    return g


def outer(self):
    def inner():
        return self
    return inner


def cell_argument(x, *args, y=1, **kw):
    return lambda: (x, args, y, kw)
