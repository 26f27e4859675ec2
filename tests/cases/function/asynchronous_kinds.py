async def f():
    async for x in y:
        await z
    else:
        w
    async with a as b, c:
        return await d
    [x async for x in y]
    {x: y async for x in y if await z}
    [[x async for x in y] for z in w]
    return [await x for x in y]
async def g():
    async for x in y:
        if x: break
        if y: continue
        yield x
    yield
async def h():
    async with a:
        for x in y:
            async with b:
                return 1
    try:
        await x
    finally:
        await y
    return (x async for x in y), (await z for z in w), [x for x in await y]
async def i():
    async for x in a:
        async for y in b:
            yield (x, y)
def gen():
    x = yield
    y = yield 1
    z = yield from x
    return y
lam = lambda: (yield)
async def j():
    while await x:
        async with y: pass
    return lambda: z
