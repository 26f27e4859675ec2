match a:
    case 1: x
    case -1: y
    case 1 + 2j: z
    case -1.5 - 3j: w
    case "a" | b"b": v
    case None | True: u
    case a.b.c: t
    case [x, y]: s
    case [x, *_]: r
    case [x, *y, z]: q
    case [*_, 1, _]: q2
    case (x,): p
    case []: o
    case {"a": 1, **k}: n
    case {1: x, -2: y, a.b: z}: m
    case {}: l
    case A(): k
    case A(1, x=2, y=z): j
    case (1 | 2) as i: h
    case x if x > 1: g
    case _ if y: f
    case _: e
match a, b:
    case 1, 2: pass
match a:
    case x: pass
match a:
    case 1: pass
    case _: pass
def f():
    match a:
        case [Point(x=0, y=0), *rest] if rest: return x
        case {"k": [v, w]} | [v, w]: return v, w
        case str() | int(): pass
        case 1: return 1
    for x in y:
        match x:
            case 1: continue
            case 2: break
            case _: pass
