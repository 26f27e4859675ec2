def f(x): return x in {1000, 2000}
def g(x): return x in {1000, 2000}, x in {2000, 1000}
def h(x): return x in {"a b", "c d"}
def i(x): return x in {"a b", "c d"}
def j(x): return x in {"zyxwv", "vwxyz"}
def k(x): return x in {"zyxwv", "vwxyz"}
def l(x): return x in {"x", "y"}
def m(x): return x in {"x", "y"}
def n(x): return x in {"name", "value"}
def o(x): return x in {"name", "value"}
def p(x): return x in {(1, 2), b"ab", None, 1.5, "a b"}
