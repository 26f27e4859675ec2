a = [x for x in (1, 2, 3)]
b = [x for x in [y]]
c = [x for x in [1, 2]]
d = [y for x in z for y in [x]]
e = [y for x in z for y in (x + 1,)]
f = {x: y for x in z if (y := x)}
g = [x for x, in z]
h = [x[0] for x[0] in z]
