def f():
    try:
        a()
    except E as e:
        def g():
            return e
        return g


try:
    x
except E as name:
    pass


def h():
    global name
    try:
        x
    except E as name:
        pass
