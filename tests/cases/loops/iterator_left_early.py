def f(a, b):
    for x in a:
        for y in b:
            if y:
                return y
            if x:
                break
            try:
                continue
            finally:
                return x
        else:
            return None
async def g(a, b):
    async for x in a:
        for y in b:
            if y:
                return y
            async with x as z:
                return z
        if x:
            break
    else:
        return await a
