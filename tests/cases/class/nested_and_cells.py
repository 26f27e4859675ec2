class A:
    class B:
        class C:
            def f(self):
                return __class__

        def g(self):
            return super().g()
    x = B


def f(a):
    class D(a):
        b = a

        def g(self):
            return a
    return D
