def f():
    import a
    import b.c.d as e
    from g import h, i
    from . import j
    return a, e, h, i, j


class C:
    import k
    from l import m
