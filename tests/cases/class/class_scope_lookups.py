x = 0


def f(y):
    class C:
        y = y
        x = x
        z = [y for _ in x]
        w = [x for _ in range(y)]
        def g(self): return x, y
    return C
