async def a():
    yield


async def b(x):
    yield x
    y = yield await x
    await y


async def c(x):
    async for y in x:
        yield y
    async with x as z:
        yield z
