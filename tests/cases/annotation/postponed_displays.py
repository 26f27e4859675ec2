from __future__ import annotations
s: [{**a, 'b': 1, **(c or d)}, {*a}, [*a, *(b or c)], {}, (), (1,), [1,], (*a,), {1: lambda: 2}]
