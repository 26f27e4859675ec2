match x:
    case {}: a
    case {"b": c}: d
    case {"e": 1, "f": g}: h
    case {**i}: j
    case {"k": _, **l}: m
    case {n.o: p}: q
