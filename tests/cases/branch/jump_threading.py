def f(a, b, c):
    if (a and b) and c:
        x()
    if (a or b) or c:
        y()
    if (a and b) or c:
        z()
    if not ((a or b) and c):
        w()
    return (a and b) and c
