def f(a):
    for x in a:
        return x
    for x in a:
        if x:
            return x
    while a:
        return a
    for x in a:
        while x:
            for y in x:
                return y
