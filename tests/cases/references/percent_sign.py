a = "%s%%" % (x,)
b = "%"
def f(): return "%", "%s%%" % (x,)
