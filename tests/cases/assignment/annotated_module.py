a: int
b: int = 1
c.d: str = 2
e[0]: str
(f): int = 3
(g): int
h: "forward"
