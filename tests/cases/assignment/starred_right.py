a = *b, c
d = [*e, f]
g = {*h, i}
j = {**k, "l": m}
for x in *a, *b:
    pass
def f():
    return *a, b
def g():
    yield *a, b
