x = 1
def f(é): pass
