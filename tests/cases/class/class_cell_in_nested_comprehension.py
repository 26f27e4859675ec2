class A:
    a = [lambda: __class__ for x in y]
    b = [(lambda: __class__)() for x in y]
