def f(a):
    if a:
        return 1
    else:
        return 2


def g(a):
    if a:
        raise a
    else:
        return 2
    unreachable()
