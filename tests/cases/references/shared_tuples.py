def f(a, b): return a.a.b
def g(a, b): return a.a.b
def h(a, b): return ("a", "b")
def i(): f(a=1, b=2)
from x import a, b
class C:
    def j(self):
        self.a = 1
        self.b = 2
