match x:
    case a.b: c
    case a.b.c if d: e
    case _ if f: g
    case _: h
def f(x, y):
    match x, y:
        case 1, 2:
            return 3
        case a, b if a == b:
            return a
