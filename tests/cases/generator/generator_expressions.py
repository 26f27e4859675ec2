a = (x for x in y)
b = (x for x in y if z)
c = (x for x in y for z in x)
d = list(x for x in y)
e = f(x for x in y)
g = ((x, w) for x, w in y if x if w)
h = (lambda: x for x in y)


def i(a):
    return (x + a for x in a)


def j(a):
    return any(x for x in a), all(x for x in a), tuple(x for x in a), sum(x for x in a)
