from __future__ import annotations
e: [t"{x}{ {1} }{x!r:>{w}}" t"b{{"]
e2: [t"{x + 1 = }{'\N{BULLET}'}"]
q7: [f'{a!r:{b!a:{c!s}}}', t'{a!r:{b!a:{c!s}}}', t'{f"{x}"}', f'{t"{x}"}', t'{t"{x}"}', t'']
