a = 1 + \
    2 + \
    x
b = (
    a
    + b
    + c
)
if a and \
   b:
    c = \
        d
