def f(a, b):
    a = a.x
    b[a] = a
    c = a, b
    a = 1
    return c


def g(a):
    x = a
    a = None
    return x.y(x, a)


def h(a):
    for x in a:
        yield x, a
