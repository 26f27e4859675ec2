@a
def f(): pass


@a
@b.c
@d(1, e=2)
def g(x=1): pass


@a
class C: pass


@a(b)[c]
async def h(): pass
