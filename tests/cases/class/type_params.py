class A[T]: pass
class B[T: int](A[T]): x: T
class C[T, *Ts, **P](A, metaclass=M, k=1):
    def f[U](self, x: T, y: U) -> P: return super().f
    type X = T
class D[T = int]: pass


@deco
class E[T](*bases, **kw):
    y = T
