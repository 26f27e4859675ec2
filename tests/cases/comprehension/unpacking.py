[*a for a in b]
{*a for a in b}
{**a for a in b}
(*a for a in b)
[*a for a in b for c in a if c]
f(*a for a in b)
def g():
    return [*a for a in b], {**{1: a} for a in b}, (*a for a in b if a)
async def h():
    [*a async for a in b]
    {*(await a) for a in b}
    {**a async for a in b}
    return (*a async for a in b)
class C:
    x = [*a for a in b]
