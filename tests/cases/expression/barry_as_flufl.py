# A joke of PEP 401: this import makes `<>` of `!=`, from 3.13 on.
from __future__ import barry_as_FLUFL

if a <> b <> c < d:
    x = a if b <> c else d
