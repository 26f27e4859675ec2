def f(a: int, b: "str" = 1, *args: tuple, c: list[int] = None, **kw: dict) -> None:
    pass


def g() -> int: ...


def h(a, b: x.y): ...
