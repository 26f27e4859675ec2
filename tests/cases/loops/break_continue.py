def f(a):
    for x in a:
        if x:
            continue
        if not x:
            break
        y
    else:
        z
    while a:
        if x:
            break
        elif y:
            continue
        z
    else:
        w
    return 1
