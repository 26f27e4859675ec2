def f(x):
    while True:
        try:
            y = yield x
        except E:
            yield 1
        finally:
            yield 2
        with x:
            yield 3
        for z in x:
            yield z
        if (yield):
            return
