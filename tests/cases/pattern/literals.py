match x:
    case 1: a
    case -1: b
    case 1.5: c
    case 1 + 2j: d
    case "s": e
    case b"b": f
    case None: g
    case True: h
    case False: i
    case _: j
