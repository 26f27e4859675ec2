a == b
a != b
a < b
a <= b
a > b
a >= b
a is b
a is not b
a in b
a not in b
if a is None: b
if a is not None: b
if None is a: b
if not a is None: b
if not a in b: c
if a == b: c
x = not a is b
x = not a in b
x = not a == b
while a is None: b
