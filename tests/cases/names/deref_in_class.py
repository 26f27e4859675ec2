def f(x):
    class C:
        a = x
        b: x = x
        c = [x for _ in x]
        d = lambda: x
        del a
    return C
