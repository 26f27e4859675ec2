# Letters that are names first are the interned objects, so that the set is not copied for each tuple that holds it.
def f():
    return f(a=1, b=2, c=3)


def g():
    return {'a', 'b', 'c'}, 1


def h():
    return {'a', 'b', 'c'}, 2
