if 1:
    a
else:
    b
if 0:
    c
else:
    d
if "":
    e
if None:
    f
elif True:
    g
if not 0:
    h
if ():
    i
while 0:
    j
while 1:
    k
