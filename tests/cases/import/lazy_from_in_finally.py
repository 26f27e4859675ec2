try:
    x
finally:
    lazy from os import path
