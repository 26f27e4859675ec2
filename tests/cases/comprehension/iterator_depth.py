def f(a, b):
    [x for y in a for x in y]
    {x: y for y in a if y for x in y if x}
    {x for y in a for z in [y] for x in z}
    [[x for x in y] for y in a]
    return [(lambda: x) for x in a]
async def g(a):
    [x async for y in a for x in y]
    [x for y in a async for x in y]
    return {await x: 1 for x in a}
class C:
    [[z for z in y] for y in x]
[(lambda: q) for q in r]
[[lambda: s for s in t] for t in u]
