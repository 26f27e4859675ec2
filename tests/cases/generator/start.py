def f(a):
    yield a
    def g():
        yield a
    return g
async def h(a):
    return lambda: (yield a)
async def i(a):
    yield a
(x for x in y)
(x async for x in y)
def j(a):
    return (b for b in a for c in (d for d in b))
def k(a):
    return lambda: (yield from a)
def l(a, b):
    x = yield from a
    yield from (yield b)
