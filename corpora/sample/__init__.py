"""A small package that uses every construct of the language.

It is compiled, never run: some of what it does makes no sense but as input.
"""
from __future__ import annotations

__all__ = ["statements", "expressions", "functions", "classes", "patterns", "strings", "coroutines", "typing_"]

__version__ = "1.0"
