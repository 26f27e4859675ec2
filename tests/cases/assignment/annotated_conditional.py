if x:
    a: int = 1
else:
    b: str
for i in y:
    c: float
while z:
    d: int
with w:
    e: f
try:
    g: h
except E:
    i: j
class C:
    if x:
        k: int
    l: str
