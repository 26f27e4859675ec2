a, *b = x
*a, b = x
a, *b, c = x
[a, [b, *c], (d,)] = x
a, = x
(a.b, c[d], *e[1:2]) = x
() = x
[] = x
