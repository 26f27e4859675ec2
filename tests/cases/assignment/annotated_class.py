class C:
    a: int
    b: int = 1
    c: list[a] = []
    __private: str = "x"

    def f(self):
        self.x: int = 1
