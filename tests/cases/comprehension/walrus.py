def f(y):
    if any((z := x) for x in y):
        return z
    return [z := x for x in y], z


a = [b := c for c in d]
