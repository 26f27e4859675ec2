x = a and 1
x = 1 and a
x = 0 or a
x = a or 1 or b
x = a and 0 and b
if a and True:
    b
if False or a:
    b
if a and None:
    b
def f(a):
    return a or "default"
def g(a):
    return a and () or []
