try:
    a
except* E:
    b
try:
    a
except* E as e:
    b(e)
except* (F, G):
    c
else:
    d
finally:
    e


def f():
    try:
        a()
    except* E as e:
        raise
