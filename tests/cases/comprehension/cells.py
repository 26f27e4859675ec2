def f(y):
    a = [lambda: x for x in y]
    b = [[lambda: (x, z) for x in z] for z in y]
    return a, b


def g(y):
    z = 1
    return [lambda: (x, z) for x in y]


def h(x):
    def i():
        return x
    return [x for x in i()]
