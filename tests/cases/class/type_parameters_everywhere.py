type A = int
type B[T] = list[T]
type C[T: int, *Ts, **P] = (T, Ts, P)
type D[T: (int, str) = int, *Ts = *tuple[int], **P = [int]] = lambda: T
def f[T](x: T) -> T: return x
def g[T: int](x: T, y=1, *, z=2) -> T: return x
def h[T](x=1): pass
def i[T](*, x=1): pass
class E[T]: pass
class F[T: int](G, metaclass=H): 
    x: T
    def m[U](self, y: U, z: T) -> T: return __class__
    type X[V] = dict[V, T]
    y = [T for T in z]
class I[T](a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc, dd): pass
class I2[T](a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc): pass
class J[T](*a, **b): pass
class K[T](*a): pass
class L:
    type M = N
    type O[P] = Q
    def __r[__S](self, x: __S): pass
    class __T[__U]: pass
    type __V[__W] = __W
    async def x[T](self): yield T
@dec
def k[T](x): pass
@dec
class M[T]: pass
def outer():
    q = 1
    type X = q
    type Y[T] = (q, T)
    def z[T: q](a: q): return q
    class W[T: q](q): pass
    global gl
    type gl = int
    class gl2[T]: pass
