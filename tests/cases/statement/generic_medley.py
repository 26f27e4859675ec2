from __future__ import annotations
class A[T: (int, str), *Ts, **P](B[T], metaclass=M, x=1):
    """doc
       indented"""
    x: T = 1
    def f[U](self, a: U, b=1, *, c=2) -> T:
        "doc"
        return lambda: self.x
    def g[V: (A, int)](self, x): ...
    type Z[W] = dict[W, T]
    class B[Y](A[T]):
        def h[K](self: Y, k: K=3): return super().h(k, x=__class__)
    @deco
    async def k[T](self, *a: *Ts):
        async for x in y:
            async with z as w, q:
                yield x
        else:
            await a
        [await y async for y in z if await y]
        {x async for x in y}
def f[T](x: T): pass
def f2[T](x: T=1, *, k=2): pass
def f3[T](x: T, *, k=2): pass
@a.b(c)
@d
class C[T](x, *y, **z): 
    def m(self):
        try:
            return [x for x in self.y if (lambda: x)()]
        except* (A, B) as e:
            print(e)
        else:
            return
        finally:
            del x
f''
f'{x}' f''
f'{x!r:>{width}} {y=} {z!s} {a:}'
print(f"{x=:{y=}}")
super().x
def gg():
    for i in range(3):
        with a as b, c:
            if i: continue
            break
    else: raise A from b
    while 1:
        try: yield
        finally: 
            return
    match x:
        case [1, *_, {"a": b, **c}] | (A(x=1, y=b) as c) if b: pass
        case (1|2) as x: return x
        case _: pass
    assert a < b < c, "m"
    return x if a and (b or not c) else y
