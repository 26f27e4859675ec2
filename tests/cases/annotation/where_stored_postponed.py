from __future__ import annotations
def f():
    "a" + "b"
def g():
    ("doc")
def h():
    "x" * 2
    return 1
class A:
    "a" % ()
class B:
    "%s" % ()
def i(): 
    """ doc
       x
    """
def j(): "only"
def k():
    "first"
    "second"
lambda: "x"
async def l():
    "d"
    1 + 1
"a" + "b"
x: 1 + 2 = 3 * 4
def m(a: 1 + 2, *b: 3 + 4, c: 5 + 6 = 7 + 8, **d: "x" + "y") -> 1 + 1: pass
def n(a: int, /, b: str = "s", *, c, d=1, e: float, f=a) -> None: ...
def o(*args: *Ts): pass
def p(__x: int, *, __y=3): pass
class C:
    def q(self, __x: int, *, __y=3, __z=4): pass
    __w: int = 3
    v: str
    (u): int = 4
    (t): int
    s.t: int
    s[1]: int
    s[1:2, 3]: int
    s.t: int = 3
    s[1]: int = 3
    __n.__m: __k = 3
def r():
    x: int = 3
    y: str
    (z): int
    s.t: foo
    s[1]: foo
    if x:
        w: x.y = 3
if 1:
    g: int
for x in y:
    ann: z
try:
    ann2: int
except E:
    ann3: int
