b = "%"
a = "%s%%" % (x,)
def f(): return "%"
