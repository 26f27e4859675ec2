a = -1; b = +True; c = ~5; d = not 3; e = ~True; f = ~False; g = not None; h = -True; i = +1.5; j = -0.0
k = 1 + 2 * 3 - 4 // 5 % 6 ** 2; l = 2 ** 100; m = 2 ** 200; n = 1 << 127; o = 1 << 200; p = 3 >> 1
q = "a" * 10; r = "a" * 5000; s = (1, 2) * 3; t = (1,) * 300; u = ((1, 2), 3) * 20; v = 10 * b"xy"; w = "" * 10**9
x = "abc"[1]; y = "abc"[-1]; z = "abc"[7]; aa = (1, 2, 3)[0]; bb = b"abc"[0]; cc = "abc"[True]; dd = (1, (2, 3))[1][0]
ee = 1 / 0; ff = 1 // 0; gg = 1 % 0; hh = 1 / 3; ii = 7 // 2.0; jj = 5 % -3; kk = -7 // 2; ll = 1e308 * 10; mm = 1e400 - 1e400
nn = 1j * 1j; oo = (1 + 2j) * 3; pp = 2 * (1 + 2j); qq = 1j ** 2; rr = 1j ** 0.5; ss = 0j ** -1; tt = 1 - 0j; uu = -1j; vv = 3 / 1j; ww = 1e400j * 1j
xx = "%s" % (1,); yy = "%s %r %a" % (a, b, c); zz = "%5s|%-5s|%.3s|%05s" % (a, b, c, d); ab = "%d" % (a,); ac = "%%" % (); ad = "%s" % a; ae = "%s%%" % (a,)
af = "%s %s" % (a,); ag = "%(x)s" % (a,); ah = "%s" % (*a,); ai = "x" % (a,); aj = "%1000s" % (a,); ak = "%s" % (a, b)
al = "a" "b" + "c"; am = b"a" + b"b"; an = (1,) + (2,); ao = "a" + 1; ap = 1 + "a"; aq = 1 & 2 | 3 ^ 4; ar = True & False; as_ = True | 1; at = 1.5 & 1; au = 1 @ 2
av = not a in b; aw = not a is b; ax = not a not in b; ay = not a is not b; az = not a < b; ba = not (a in b in c); bc = not not a
if a in [1, 2, 3]: pass
if a in {1, 2, 3}: pass
if a not in [b, c]: pass
if a in {b, c}: pass
if a in [*b]: pass
if a in [1, *b]: pass
if a in []: pass
if a in {1, 1.0, True}: pass
if a < b in [1, 2]: pass
if a in [1, 2] < b: pass
for x in [1, 2]: pass
for x in {1, 2}: pass
for x in [a, b]: pass
for x in [(1, 2), [3]]: pass
for x in (1, a): pass
[x for x in [1, 2]]
[x for x in {1, 2} for y in [a] for z in [1] for q in [3, 4]]
{x for x in (a, b)}
(x for x in [a, b, c])
