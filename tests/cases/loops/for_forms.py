for a in b:
    c
for a in b:
    c
else:
    d
for a, b in c:
    d
for a.b in c:
    d
for a[b] in c:
    d
for [a, *b] in c:
    d
for a in 1, 2, 3:
    b
for a in [1, 2, 3]:
    b
for a in [b, c]:
    d
for a in {1, 2}:
    b
for a in ():
    b
