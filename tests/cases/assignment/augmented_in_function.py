def f(a, b):
    global g
    a += b
    g += a
    a.x += 1
    a[b] -= 1

    def h():
        nonlocal a
        a += 1
    return h
