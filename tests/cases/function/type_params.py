def f[T](x: T) -> T:
    return x


def g[T: int, U: (int, str), *Ts, **P](x: T, *args: *Ts) -> U: ...


def h[T = int, *Ts = *tuple[int], **P = [int]](x): ...


@deco
def i[T](x: T = 1, *, y: T = 2):
    def j():
        return T
    return j


async def k[T](x): ...
