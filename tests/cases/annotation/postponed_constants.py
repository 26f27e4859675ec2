from __future__ import annotations
j: [1e309]
k: [1e309j, -1e309, 1e400 + 2j, 1e16, 1e-5, 0.0001, 123456789012345678.0]
l: [1 .real, 1.0.real, (1).real, 0xffffffffffffffffffffff, (0x1).b]
m: [u"a", u'b' 'c', b'a\xff"\'', 'a"\'', '\U000e0001\u200b\xad\x7f']
v: [..., (..., ...), None, True, False, __debug__]
