pass


def f():
    pass


class C:
    pass


for x in y:
    pass
while x:
    pass
if x:
    pass
