type A = int
type B[T] = list[T]
type C[T: int, *Ts, **P] = tuple[T, *Ts]
type D[T = int] = D[T]


def f(x):
    type L = list[x]
    return L


class K:
    type M = N
