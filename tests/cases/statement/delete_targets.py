def f(a, b, c, d, e):
    del a
    del b.x
    del c[0]
    del (d, e.y)
    del [c[1], b.z]
    global g
    del g


del x
del (y)
del z[1:2], z[a:b:c]


class C:
    x = 1
    del x
