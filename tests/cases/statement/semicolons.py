a = 1; b = 2; c = a + b
if a: b; c
for i in a: b; continue
