import a.b
from a.b import c
x = "a.b", ("a.b",)
def f():
    import a.b
def g():
    return ("a.b",)
