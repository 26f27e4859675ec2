def f(x):
    with x:
        return 1
    with x as y:
        return y
    for a in x:
        with a as b:
            if b:
                continue
            break
    with x:
        with y:
            return x
