def f():
    a = 1
    [locals() for x in y]
    return [x for x in a], locals()
