a0 = a1 = a2 = a3 = a4 = a5 = a6 = a7 = a8 = a9 = b0 = b1 = b2 = b3 = b4 = b5 = b6 = b7 = b8 = b9 = x
a0.b0.c0.d0.e0.f0.g0.h0.i0.j0.k0.l0.m0.n0.o0.p0
a0(a1, b0=b1, c0=b2)
def f(a0, *, b0): return a0, b0, a1
