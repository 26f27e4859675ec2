def f(x):
    def g(y=x, *, z=x + 1):
        return y, z
    return g


class C:
    a = 1

    def m(self, b=a): return b
