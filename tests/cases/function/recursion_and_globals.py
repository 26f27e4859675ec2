def fact(n):
    return 1 if n < 2 else n * fact(n - 1)


x = 0


def inc():
    global x
    x += 1
    return x
