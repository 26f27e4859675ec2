try:
    x
except ImportError:
    if x:
        lazy import os
