def f(a, b):
    for x in a:
        for y in b:
            if x == y:
                break
        else:
            continue
        break
    else:
        return None
    return x, y
