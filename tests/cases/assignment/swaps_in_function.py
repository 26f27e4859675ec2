def f(a, b, c, d):
    a, b = b, a
    a, b, c = c, a, b
    a, a = b, c
    a, b, a = b, c, d
    a, b, c, d = d, c, b, a
    return a, b, c, d
