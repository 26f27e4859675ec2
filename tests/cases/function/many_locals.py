def f(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p, q, r):
    s = a + b
    t = s + r
    u = q + p
    v = t, u
    return s, t, u, v, q, r
