class A: pass
class B(): pass
class C(A): pass
class D(A, B): pass
class E(A, metaclass=M): pass
class F(A, x=1, **kw): pass
class G(*bases): pass
class H(*bases, A, metaclass=M, **kw): pass
