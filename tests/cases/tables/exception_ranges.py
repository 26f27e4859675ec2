def f(a):
    try:
        a()
        b()
    except E:
        c()
        with d:
            e()
            try:
                g()
            finally:
                h()
    i()
    with j, k:
        l()
