def f():
    try:
        try:
            a()
        except E:
            b()
        finally:
            c()
    except F as e:
        try:
            d()
        except G as g:
            e(g)
    finally:
        try:
            h()
        except:
            pass
