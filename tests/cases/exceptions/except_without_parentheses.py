try:
    a
except E, F:
    b
try:
    a
except* E, F:
    b
