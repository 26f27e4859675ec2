def f():
    try: a
    except: b
    try: a
    except A: b
    except (B, C) as d: e
    else: g
    finally: h
    try: a
    finally: return 1
    try: a
    except* A: b
    except* B as c: d
    else: e
    finally: g
    for x in y:
        try: a
        except A as e:
            if b: break
            if c: continue
            return d
        finally:
            try: z
            except: raise
    raise
    raise A
    raise A from b
def g():
    try:
        return [x for x in y]
    except A: return 1
    finally:
        if a: return 2
def h(a, b, c):
    del a
    try: a
    except: del b
    b
    return a, c
def i():
    x = 1
    del x
    if y: z = 1
    return z
class A:
    def __init__(self):
        self.a = self.b = 1
        self.__c = 2
        def f(): self.d = 3
    x = self.e
    @classmethod
    @property
    def g(cls): return __class__, cls
    class B(A, x=1): 
        def h(self): self.z = 1; nonlocal_ = super
        __slots__ = ()
    pass
def j(a, /, b, *c, d=1, **e):
    nonlocal_ = a
    def k():
        nonlocal a, c
        a = 1
        return b, c, d, e
    return lambda: k
import a, b.c, d.e.f as g, h as i
from . import j
from .k import l as m, n
from o import *
def f2():
    import a.b as c
    from a import b
print(f"{a}{b!r}{c:>{d}}{e!s:x}{f'{g}'}", f"", f"a{{b", f"{a=}", f"{a}" "b" f"{c}", f"{x:{y}{z}}")
f"{a}{b}{c}{d}{e}{f}{g}{h}{i}{j}{k}{l}{m}{n}{o}{p}{q}{r}{s}{t}{u}{v}{w}{x}{y}{z}{a}{b}{c}{d}{e}{f}{g}{h}{i}{j}{k}"
