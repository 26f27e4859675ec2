try:
    a
except E:
    b
else:
    c
try:
    a
finally:
    b
try:
    a
except E:
    b
finally:
    c
try:
    a
except E as e:
    b
else:
    c
finally:
    d
