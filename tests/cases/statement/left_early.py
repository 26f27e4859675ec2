def f():
    with a: pass
    with a as b: return b
    with a as b, c as d, e: return 1
    with a:
        for x in y:
            with z:
                continue
            break
    with (a, b): pass
    with (a as x, b as y): x
    try:
        with a: return f()
    finally:
        with b: g()
    while 1:
        with a: break
    while x:
        with a: continue
    else:
        y
def g():
    while True:
        if a: break
        elif b: continue
        try:
            return x
        except A: continue
        except B as c: break
        else: pass
        finally: d
    while a and b or c: x
    while not a: pass
    while a < b < c: y
    while (x := y): z
    while lambda: x: y
    while [a for a in b]: c
    while 0: x
    while "": y
    while 1: pass
def h():
    for a, (b, *c) in d: pass
    for a.b in c: break
    else: x
    for x in y:
        try: continue
        finally: z
    for x in y:
        try:
            return 1
        finally:
            for q in w: break
def i():
    assert a
    assert a, b
    assert (a, b)
    assert not a
    assert a and b, c
    assert 0
    assert 1, "x"
    assert __debug__
def j():
    return a and b, a or b, a and b or c, not a, a if b else c, a < b < c, not (a and b), a and (b or c)
def k(x):
    if x and y or not z: a
    elif x is None: b
    elif x is not None: c
    elif not x is None: d
    elif x in y: e
    elif not x in y: f
    elif None: g
    elif x == 1 == y: h
    else: i
    return x[1:2], x[1:2:3], x[:], x[a:b], x[a], x[1,2], x[::2], x[1:], x[:-1], x[a:b, c], x[()]
def l(x):
    x[1:2] = y; x[a] = b; del x[1:2], x[a], x.b, x
    x[1:2] += 1; x[a] += 1; x.b += 1; x[1:2:3] += 1
    x = y = z = 1
    a, b = b, a; a, b, c = c, b, a; a, = b,; (a, b), c = d; [a, b] = c, d; a, b, c, d = d, c, b, a
def m():
    f(*a); f(**b); f(*a, **b); f(1, *a, x=1, **b, y=2, z=3); f(x=1, **a); f(x=1, y=2, **a); f(**a, **b); f(*a, x=1); f(*a, x=1, y=2)
    a.f(*b); a.f(x=1); a.f(1, 2, 3); a.b.c(d)(e); super().f(); super().x; super(A, b).f()
    f(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r, s, t, u, v, w, x, y, z, aa, bb, cc, dd, ee)
    f(a=1, b=2, c=3, d=4, e=5, f=6, g=7, h=8, i=9, j=1, k=2, l=3, m=4, n=5, o=6, p=7)
    return any(x for x in y), all(x for x in y), tuple(x for x in y)
def n():
    return {1: 2, 3: 4}, {1: a, b: c}, {1: a}, {}, {**a}, {1: 2, **a, 3: b, 4: c}, [1, 2, 3], [1, 2], [a, 1], {1, 2, 3}, {1, 2}, {a}, (1, 2, 3), (a, 1), [], (), [*a], {*a, 1}, (*a,), [*a, 1, 2, 3], [1, 2, 3, *a], {"a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7, "h": 8, "i": 9, "j": 0, "k": 1, "l": 2, "m": 3, "n": 4, "o": 5, "p": 6, "q": 7}
