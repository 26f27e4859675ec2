def f():
    @r
    def g(x): pass

    @r
    class g: pass

    class h: pass

    def h(): pass

    class h: pass
