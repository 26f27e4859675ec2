match x:
    case a: b
    case c: d
