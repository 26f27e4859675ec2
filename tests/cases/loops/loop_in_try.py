def f(a):
    for x in a:
        try:
            if x:
                break
            continue
        except E:
            continue
        finally:
            z()
    while a:
        with a:
            if a.b:
                break
            continue
