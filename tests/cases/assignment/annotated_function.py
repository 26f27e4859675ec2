def f():
    a: int
    b: int = 1
    c.d: str = x
    (e): int = 3
    return b
