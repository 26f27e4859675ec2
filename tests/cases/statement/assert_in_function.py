def f(x):
    assert x, "no"
    return x


def g(x):
    if x:
        assert False
    return 2
