from __future__ import annotations
x: "\U0001fadc\U0001cd00\ua7cb\u1c89\u2427\u31e4\U00016100\U0001e5d0"
