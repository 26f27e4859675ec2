def a():
    return


def b():
    return None


def c():
    return 1


def d(x):
    return x


def e(x):
    return x, x


def f(x):
    return (yield x)


def g(x):
    if x:
        return 1
    return 2


def h(x):
    return
    x()
