try:
    a
except:
    b
try:
    a
except E:
    b
try:
    a
except E as e:
    b
try:
    a
except (E, F) as e:
    b(e)
except G:
    c
except:
    d
