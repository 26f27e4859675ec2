a.b()
a.b(c)
a.b(c, d=e)
a.b(*c)
a.b(**c)
a.b.c()
a().b()
"x".join(y)
(a.b)()
a.b(
    c,
    d,
)
a \
    .b(c) \
    .d(e)
