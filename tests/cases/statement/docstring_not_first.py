x = 1
"not a docstring"


def f():
    x = 1
    "nor this"


def g():
    f"nor {x}"


def h():
    b"nor this"
