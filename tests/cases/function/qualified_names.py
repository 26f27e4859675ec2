class C:
    def m(self):
        def n():
            class D:
                def o(self): pass
            return D
        return lambda: [x for x in self]
    class E:
        y = "C.E"
        def p(self): return "C.E.p"
def f():
    global g, G
    def g():
        def h(): pass
    class G:
        def i(self): pass
