try:
    a = [lambda: 1]
finally:
    b = lambda: 2
def f():
    try:
        return 1
    finally:
        g(lambda: 1)
