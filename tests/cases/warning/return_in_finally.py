def f():
    try:
        a()
    finally:
        return 1
def g(x):
    while x:
        try:
            a()
        finally:
            break
    for y in x:
        try:
            a()
        finally:
            continue
