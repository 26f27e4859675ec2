def f(xs):
    for x in xs:
        try:
            y = x()
        except E:
            pass
        else:
            if y:
                return y
    else:
        raise F
