import a
import b.c
import d.e.f as g
import h as i
import j, k.l, m as n
