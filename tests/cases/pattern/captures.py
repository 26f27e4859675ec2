match x:
    case a:
        b
match x:
    case 1 as a:
        b
    case (1 | 2) as c:
        d
    case _:
        e
def f(x):
    match x:
        case y if y > 1:
            return y
        case y:
            return -y
