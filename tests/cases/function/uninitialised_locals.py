def f(x):
    if x:
        y = 1
    print(y)
    del y
    y


def g(x):
    for z in x:
        pass
    return z


def h():
    try:
        a = 1
    except E:
        pass
    return a
