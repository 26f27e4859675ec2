# coding: latin-1
x = "é", b"\xe9"
é = x
