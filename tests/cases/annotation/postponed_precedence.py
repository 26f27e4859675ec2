from __future__ import annotations
p: [not (not a), not a == b, (not a) == b, -(-a), -a ** -b, (-a) ** b, a ** b ** c, (a ** b) ** c, ~(a + b)]
q: [(a + b) + c, a + (b + c), a if b else c if d else e, (a if b else c) if d else e, a or b and c, (a or b) and c, (a and b) and c]
r: [a < b < c, (a < b) < c, a < (b < c), a in b not in c is d is not e]
q3: ['%s' % (a,) , "a" % b, -1, +1, -1j, 1+2j, (-1).real, -(1).real, -1 ** 2]
q8: [a if (lambda: 1) else lambda: 2, lambda: (lambda: 1), lambda: (a, b), (lambda: 1)(2), lambda x=(lambda: 1): x]
q9: [(a, b).c, [a].c, {}.c, 'a'.c, f'a'.c, 1j.c, (a if b else c).d, (a or b).c, (await_).c, (-a).b, (a.b)(c)[d]]
