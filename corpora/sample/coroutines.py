"""Coroutines and asynchronous generators."""


async def simple(awaitable):
    await awaitable
    x = await awaitable
    return await x


async def loops(source):
    async for item in source:
        if item:
            continue
        break
    else:
        print("exhausted")
    async with source as s, source() as (a, b):
        return s
    async with source:
        pass
    return [x async for x in source], {x async for x in source if await x}, {await k: v async for k, v in source}


async def generator(source):
    yield 1
    x = yield
    async for y in source:
        yield y
    await source
    return


async def expressions(source):
    gen = (x async for x in source)
    [await x for x in source]
    [[y async for y in x] for x in source]
    async def inner():
        return source
    try:
        await inner()
    finally:
        await gen.aclose()
