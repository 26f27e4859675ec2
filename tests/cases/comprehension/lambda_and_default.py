f = lambda y: [x for x in y]
g = [(lambda x=x: x) for x in y]


def h(a=[x for x in y], *, b={x for x in y}):
    return [a for _ in b]
