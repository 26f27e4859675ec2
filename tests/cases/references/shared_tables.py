def f(): pass
def g(): pass
def h(): return x
def i(): return x
def j(a): return a
def k(b): return b
l = lambda: None
m = lambda: None
