def f(a):
    while True:
        if a:
            break
    else:
        never()
    for x in a:
        pass
    else:
        return 1
    return 2
