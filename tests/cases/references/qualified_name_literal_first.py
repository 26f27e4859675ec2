y = "C.D"
class C:
    class D: pass
    x = "C.D"
