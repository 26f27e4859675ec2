a = x[1000:2000]
b = x[1000:2000]
def f(x): return x[1000:2000], x[1:2], x["ab":"a b"], 1000
def g(x): return x[1000:2000], x[:3], x[::2]
