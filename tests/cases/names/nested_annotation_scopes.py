class A[T]:
    x: T
    def f[U](self, a: T, b: U) -> "A[T]":
        c: U
        return a
    class B[V](A[T]):
        y: V = T


def g():
    class C:
        z: int
        def h(self, w: z): ...
    return C
