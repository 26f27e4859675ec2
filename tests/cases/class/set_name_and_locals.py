class C:
    __slots__ = ("a", "b")
    __qualname__ = "X"
    __module__ = "y"
    locals()
    exec("")
