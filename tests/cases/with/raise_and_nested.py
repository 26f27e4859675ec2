def f(x, y):
    with x as a, y as b:
        raise a(b)


def g(x, y):
    try:
        with x:
            y()
    except E:
        with y:
            pass
    finally:
        with x:
            y()
