def f():
    while True:
        pass


def g():
    while True:
        x()


def h():
    while 1:
        if x:
            return
