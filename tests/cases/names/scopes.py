a = 1


def f():
    print(a, b)
    c = a
    return c


def g():
    a = 2
    def h():
        return a
    return h


class C:
    a = a
    d = lambda self: a
