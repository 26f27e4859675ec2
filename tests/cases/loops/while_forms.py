while a:
    b
while a:
    b
else:
    c
while True:
    a
    if b:
        break
while not a:
    b
while a and b:
    c
while a or b:
    c
while 1:
    pass
