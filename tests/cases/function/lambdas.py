a = lambda: 0
b = lambda x: x
c = lambda x, y=1, *z, w, **v: (x, y, z, w, v)
d = lambda: (yield)
e = lambda *a, **k: (a, k)
f = lambda x: lambda y: x + y
g = [lambda: i for i in x]
