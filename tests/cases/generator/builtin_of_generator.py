def f(a):
    list(x for x in a)
    set(x for x in a)
    tuple(x for x in a)
    any(x for x in a)
    all(x for x in a)
    list(x async for x in a) if 0 else 1
    list((x for x in a))
    list(*(x for x in a))
    frozenset(x for x in a)
    return list(x for x in a), set(x for x in a if x)
list(x for x in y)
set(z for z in list(x for x in y))
