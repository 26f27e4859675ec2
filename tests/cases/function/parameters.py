def a(): pass
def b(x): pass
def c(x, y=1): pass
def d(x, /, y, *, z): pass
def e(*args, **kwargs): pass
def f(x, y=1, /, z=2, *args, w, v=3, **kwargs): return x, y, z, args, w, v, kwargs
def g(*, x=1): pass
def h(x=1, y=2, *, z=[], w): pass
def i(x=(1, 2), y="a"): pass
