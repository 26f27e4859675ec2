"""Type parameters, aliases and annotations."""
type Alias = int
type Generic[T] = list[T]
type Bounded[T: int, U: (str, bytes), *Ts, **P] = dict[T, U]
type Recursive = list[Recursive]


def identity[T](x: T) -> T:
    return x


def bounded[T: (int, str), *Ts, **P](x: T, *args: *Ts, default: T = 1) -> tuple[T, *Ts]:
    def inner() -> T: ...
    return inner


class Container[T, U: int](list[T], key=1):
    item: T

    def method[V](self, other: V) -> "T | V":
        type Local = tuple[T, V]
        return Local

    class Inner[W]:
        pair: tuple[T, W]


async def coroutine[T](x: T): ...


x: int
y: list[int] = []
if x:
    z: str
class Annotated:
    a: int
    b: "str" = ""
    for c in range(3):
        d: c
    def f(self, e: __private) -> self: ...
