async def f(a, b):
    async with a:
        b
    async with a as c, b as d:
        return c
    async with a:
        await b
        for x in c:
            async with x:
                break
