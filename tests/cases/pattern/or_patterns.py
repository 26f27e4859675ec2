match x:
    case 1 | 2: a
    case [1] | [1, _]: b
    case A(c) | B(c): d
    case (1, e) | (e, 2): f
    case None | True: g
    case "a" | "b" as h: i
    case [j, k] | {"x": k, "y": j}: l
