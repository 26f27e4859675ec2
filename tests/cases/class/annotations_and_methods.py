class C:
    a: int
    def f(self, x: a) -> "C": ...
    b: list["C"] = f
    class D:
        c: C
