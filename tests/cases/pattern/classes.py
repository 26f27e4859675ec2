match x:
    case A(): a
    case B(b): c
    case C(d, e): f
    case D(g=h): i
    case E(j, k=l, m=_): n
    case o.P(): q
    case str(): r
    case int(s): t
    case F(_, _): u
