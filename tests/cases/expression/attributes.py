a.b
a.b.c.d
a.b().c()
a.b[0].c
(1).real
"x".join
a.__class__
