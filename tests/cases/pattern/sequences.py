match x:
    case []: a
    case [b]: c
    case (d, e): f
    case [g, *h]: i
    case [*_]: j
    case [k, *_, l]: m
    case [1, [2, 3]]: n
    case o, p: q
    case *_, r: s
    case [_, _]: t
