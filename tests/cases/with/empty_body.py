with a:
    pass


def f(a):
    with a:
        pass
