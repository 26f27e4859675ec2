try:
    pass
except E:
    pass
try:
    a
except E:
    pass
else:
    pass
finally:
    pass


def f():
    try:
        return
    except E:
        pass
