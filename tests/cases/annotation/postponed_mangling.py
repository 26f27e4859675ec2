from __future__ import annotations
def w(*args: *Ts, a: (b, 1) = 3, **k: x[y]) -> not a: pass
class C:
    __a: __b[__c.__d]
    def f(self, __x: __y): pass
