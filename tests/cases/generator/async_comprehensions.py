async def f(a):
    b = [x async for x in a]
    c = {x async for x in a if x}
    d = {x: y async for x, y in a}
    e = (x async for x in a)
    g = [await x for x in a]
    h = [x for x in await a]
    i = (await x for x in a)
    j = [[y async for y in x] for x in a]
    return b, c, d, e, g, h, i, j
