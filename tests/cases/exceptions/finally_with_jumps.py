def f(x):
    for a in x:
        try:
            if a:
                continue
            if x:
                break
            return a
        finally:
            done(a)
    try:
        pass
    finally:
        for b in x:
            if b:
                break
