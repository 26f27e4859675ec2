def f(a, b, c):
    a + b
    a[b]
    a[1]
    -a
    a.b = c
    a[b] = c
    a < b
    not a
    return a is b, a in c
