class C:
    class D: pass
    x = "C.D"
y = "C.D"
def f(): return "C.D"
