from __future__ import annotations
n: lambda: [x[1:2], x[1:2, ::3], x[*a], x[*a, 1:2], x[()], x[1,], x[(1, 2)], x[a:=1], x[lambda: 1:2]]
o: lambda: [f(x for x in y), f((x for x in y), 1), f(*a, **b), f(a, *b, c=1, **d), f((yield)), f(a:=1)]
t: lambda: [[x for x in y if a if (b if c else d) for (z, w) in (lambda: 1)], {a: b for c, in d}, {a for b in c}, ((a, b) for c in d)]
u: lambda: [(await_ := 1), ((a := 1) + 2), [a := 1, 2], (a := (b, c)), (a := b + c), (a := not b)]
i: lambda: [lambda a, /, b=1, *c, d, e=2, **f: (yield)]
