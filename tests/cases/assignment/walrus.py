(a := 1)
b = (c := 2)
if (d := f()) > 1:
    d
x = [e := 1, e]
def g(y):
    while (z := y()) is not None:
        print(z)
    return [last := i for i in z], last
