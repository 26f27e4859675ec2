class A:
    x = 1
    y = [x for x in z]
    w = [a for a in z if a]
    v = [lambda: b for b in z]
    u = {a: [c for c in a] for a in z}
    t = [x for x in [y for y in z]]
    s = [__class__ for a in b]
    r = [lambda: __class__ for a in b]
    def f(self):
        return [x for x in z], [super().f() for q in z], [self for self in z]
    q = {k: v for k, v in z}
    p = (k for k in z)
def g():
    x = 1
    def h(): return x
    a = [x for x in y]
    b = [lambda: x for x in y]
    c = [lambda: (x, w) for w in y]
    class B:
        d = [x for q in y]
        e = [lambda: x for x in y]
        f = [lambda: (x, z) for z in y]
        g = [x for x in y]
    return [lambda: q for q in [lambda: q for q in y]]
def i(p):
    return [p for p in p], {p: q for p, q in p}, {p for p in p if p}
def j():
    [k := 3 for l in m]
    return k
def k():
    global gg
    [gg for gg in x]
    [gg := 1 for y in x]
[x for x in y]
[lambda: x for x in y]
{a: b for a, b in c for d in e if f if g for h in [i] for j in (k,)}
