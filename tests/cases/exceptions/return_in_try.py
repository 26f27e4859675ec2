def f(x):
    try:
        return x
    except E:
        return 1


def g(x):
    try:
        return x()
    finally:
        y()


def h(x):
    try:
        x()
    finally:
        return 1


def i(x):
    try:
        return 1
    except E as e:
        return e
    else:
        return 2
    finally:
        z()
