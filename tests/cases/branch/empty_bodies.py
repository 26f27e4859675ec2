def f(a, b):
    if a:
        pass
    if a:
        pass
    else:
        pass
    if a:
        pass
    elif b:
        pass
    else:
        return 1
    for x in a:
        pass
    else:
        pass
