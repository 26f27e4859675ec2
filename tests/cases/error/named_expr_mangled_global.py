class Foo:
    def f(self):
        global __x1
        [__x1 := 2 for a in [3]]
