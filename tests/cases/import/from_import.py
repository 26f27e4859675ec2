from a import b
from c.d import e as f, g
from . import h
from .i import j
from ...k.l import m as n
from .... import o
from p import (
    q,
    r as s,
)
