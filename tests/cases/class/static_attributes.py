class C:
    def __init__(self):
        self.a = 1
        self.b, self.c = 2, 3
        self.d: int = 4
        self.e += 1
        self.a = 5

    def f(this):
        this.g = 1

    @staticmethod
    def h(self):
        self.i = 1

    def j(self):
        def k(self):
            self.l = 1
        for self.m in x: pass
        with y as self.n: pass
