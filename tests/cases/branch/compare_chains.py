if a < b < c:
    d
if a < b < c < d:
    e
x = a < b < c
x = a == b != c
x = (a < b) < c
if not a < b < c:
    d
while a < b <= c:
    d
def f(a, b, c):
    return a < b < c
def g(a, b, c):
    if a < b < c:
        return 1
    return 2
