def f():
    global a, b
    a = 1

    def g():
        nonlocal c
        global b
        c = 2
        b = 3
        return a

    c = 0
    return g


class C:
    global d
    d = 1
    e = d
