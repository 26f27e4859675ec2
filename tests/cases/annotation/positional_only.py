def f(a: 1, b: 2, /, c: 3, *d: 4, e: 5, **g: 6) -> 7: pass
class C:
    def m(self, a: int, /, b: str) -> None:
        def inner(x: C): return lambda: x
    async def n[T](self, a: T, /, b: T): pass
    x: int
def h[T](a: T, /, b: [lambda: 1]): pass
