a, b = 1, 2
a, b, c = 1, 2, 3
a, b = 1, x
def f():
    a, b = 1, 2
    c, d, e = 1, 2, 3
    return a, b, c, d, e
