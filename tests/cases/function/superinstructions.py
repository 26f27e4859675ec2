def f(a, b):
    c = a
    d = b
    a = c
    c = d = a
    x = a; y = b
    return a + b, c + d, x, y
