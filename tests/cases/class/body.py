class C:
    "Docstring."
    x = 1
    y = x + 1
    def f(self): return self.x
    for i in x:
        j = i
    if x:
        z = y
    else:
        z = None
    [k for k in z]
    lambda: x
