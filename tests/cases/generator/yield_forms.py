def a():
    yield


def b(x):
    yield x


def c(x):
    y = yield x
    z = yield
    return y, z


def d(x):
    yield from x


def e(x):
    y = yield from x
    return y


def f(x):
    print((yield), (yield x), (yield from x))


def g():
    yield 1, 2
    return 3
