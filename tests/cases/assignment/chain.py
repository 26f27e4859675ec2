a = b = c = x
a, b = b, a
a, b, c = c, b, a
a, b, c, d = d, c, b, a
(a) = (b)
[a, b] = c
