"""What CPython 3.14 and later know, and older releases refuse."""
name, value = "n", 1.5
t""
t"plain"
t"Hello {name}, {value:.2f} {value!r:>{10}} {name=}" t" and {name}"
rt"\d{ value  !s}"


def handlers(action):
    try:
        action()
    except ValueError, TypeError:
        pass
    try:
        action()
    except* KeyError, IndexError:
        pass


class Defaults[T = int, *Ts = *tuple[int, ...], **P = [int, str]]:
    pass


type WithDefault[T: int = bool] = list[T]
