class C:
    f = [lambda: __class__ for x in range(1)]
