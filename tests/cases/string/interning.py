a = "name_like"
b = "not name like"
c = "name_like"
d = "not name like"
e = "a.b"
f = ("name_like", "not name like", "a.b")
g = ""
h = "x", "é", "€", "%", " "
i = "None"
def name_like():
    return "name_like", "not name like", b"", b"x", b"xy"
def k():
    return "not name like", b"xy", 1000, 1.5
