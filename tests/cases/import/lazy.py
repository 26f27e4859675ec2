lazy import os
lazy import os.path as path, sys
lazy from a import b, c as d
lazy from . import e
lazy from .f import g
import h
from i import j
from k import *
lazy = 1
lazy.x
with lazy: import in_with
for lazy in lazy: import in_for
try:
    import in_try
except E as e:
    import in_handler
else:
    import in_else
finally:
    import in_finally
def function():
    import in_function
    from a import in_function
class C:
    import in_class
