for i in range(10):
    print(i)
for i in "abc":
    print(i)
for i in (1, 2):
    print(i)
for i in [1]:
    print(i)
for i in [*a]:
    print(i)
if a in [1, 2, 3]:
    b
if a in {1, 2, 3}:
    b
if a not in (1, "2", b"3", None):
    b
if a in [b, c]:
    d
