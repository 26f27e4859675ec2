"""Docstring before."""
from __future__ import annotations, division
from __future__ import generator_stop
import x

y: "z" = 1


def f(a: int, *b: str, c: list[int] = 1, **d: a.b) -> None:
    e: int = 1
