if __debug__:
    print("debug")
else:
    print("optimised")
x = __debug__


def f():
    if not __debug__:
        return 1
    return __debug__ and 2
