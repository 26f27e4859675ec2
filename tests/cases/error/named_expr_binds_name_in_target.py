def f(a, b):
    return [(a := 1) for a[0] in b]
