async def f(a):
    async for x in a:
        y
    async for x, z in a:
        if x:
            break
        if z:
            continue
        w
    else:
        v
    async for x in a:
        return x
