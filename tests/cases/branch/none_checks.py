def f(a, b):
    if a is None:
        return 1
    if a is not None and b is None:
        return 2
    while b is not None:
        b = b.next
    return a if a is not None else b
