if x:
    lazy import os
with y:
    lazy from os import path
