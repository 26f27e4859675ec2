class C(B):
    def __init__(self):
        super().__init__()

    def f(self):
        return __class__

    def g(self):
        return super(C, self).x

    def h(self):
        return super().x, super().y(1), super(C, self).z(1, k=2)

    @classmethod
    def i(cls):
        super().i
