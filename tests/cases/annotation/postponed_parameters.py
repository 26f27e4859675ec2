from __future__ import annotations
f: [lambda *a: 1]
g: [lambda: 1]
h: [lambda **k: 1]
i2: [lambda a=1, /, b=1, *, d: 0]
i3: [lambda *, d: 0]
