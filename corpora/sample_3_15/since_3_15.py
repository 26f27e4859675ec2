"""Syntax that is new in 3.15."""

lazy import json
lazy import os.path as path, sys
lazy from collections import abc, deque as queue
lazy from . import __init__ as package
from .lazy import eager
import re

lazy = re.compile("lazy")

if lazy:
    lazy import inside_if

try:
    import optional
except ImportError:
    optional = None
else:
    from optional import *


def unpacking(rows, tables):
    flat = [*row for row in rows if row]
    unique = {*row for row in rows}
    merged = {**table for table in tables}
    chained = (*row for row in rows)
    pairs = list(*row for row in rows)
    return flat, unique, merged, chained, pairs


async def unpacking_async(rows):
    flat = [*row async for row in rows]
    kept = {**(await row) for row in rows}
    async for row in rows:
        if row:
            return (*cell async for cell in row)
    return flat, kept


def of_generators(rows):
    return list(row for row in rows), set(row for row in rows if row), tuple(row for row in rows)


class Annotated:
    def method(self, first: int, /, second: str = "", *rest: object) -> None:
        yield from rest

    async def generic[T](self, first: T, /, second: list[T]) -> T:
        return await second


def signs(value):
    match value:
        case +1 | +1.5 | +2j:
            return -1
        case +1 + 2j:
            return True
        case {+3: rest}:
            return rest or ""
