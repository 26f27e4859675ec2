class C:
    x = [1]
    y = [a for a in x]
    z = {a: b for a in x for b in range(a)}
    w = [lambda: a for a in x]
    v = [__class__ for a in x]


m = [a for a in b]
n = [lambda: a for a in b]
