a = "x"
b = 'it''s'
c = """multi
line"""
d = "\n\t\\\'\"\a\b\f\v\r\0\x41\101\u00e9\U0001f600\N{BULLET}"
e = r"raw\n"
f = b"bytes\x00\xff"
g = rb"raw\n"
h = u"unicode"
i = "a" 'b' """c"""
j = b"a" b"b"
k = "\ud800"
l = "continued \
line"
