def f(y):
    a = [x for x in y]
    b = {x for x in a if x not in y}
    c = {x: y for x in b}
    return a, b, c


def shadow(x):
    y = [x for x in x]
    return x, y


def outer_used(x, z):
    return [x + z for x in z], x


def nested(y):
    return [[a + b for a in y] for b in y]
