async def f(a):
    (await a)[0]
    (await a).b
    x = await a.b()
    return (await a) + (await x)
