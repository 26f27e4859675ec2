def a():
    raise


def b(e):
    raise e


def c(e, f):
    raise e from f


def d(e):
    raise e(1) from None
    unreachable()
