x = a if b else c
x = a if b else c if d else e
x = (a if b else c) if d else e
x = 1 if True else 2
x = 1 if a else 1
x = a if not b else c
x = a if b and c else d
f(a if b else c)
def g(a, b):
    return a if b else None
