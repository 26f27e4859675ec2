async def a():
    pass


async def b(x):
    await x
    y = await x
    return await y


async def c(x):
    return [await y for y in x]


async def d(x):
    await (await x)(1)
    try:
        await x
    finally:
        await x
