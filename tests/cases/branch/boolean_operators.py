if a and b:
    c
if a or b:
    c
if a and b or c:
    d
if (a or b) and (c or d):
    e
if not (a and b):
    c
if not a or not b:
    c
if a and (b or c and d):
    e
x = a and b
x = a or b or c
x = a and b or c
x = not (a and b)
