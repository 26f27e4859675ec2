from . lazy import b
from .lazy import b
