x = y = 0
x
x.y
x[y]
x + y
1
"text"
...
None
(x, y)
x < y < x
not x
