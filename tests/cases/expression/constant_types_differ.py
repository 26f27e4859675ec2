a = 1, 1.0, True, 1 + 0j
b = 0, 0.0, -0.0, False, 0j
c = "a", b"a"
d = (1, 1.0), (True, 1)
def f():
    return 1, 1.0, True, 0.0, -0.0, False, "1", b"1", (1,), (1.0,), (True,)
