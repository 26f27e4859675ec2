def f(a, b, c):
    if a:
        if b:
            if c:
                return 1
            else:
                return 2
        else:
            pass
    else:
        if c:
            return 3
    return 4
