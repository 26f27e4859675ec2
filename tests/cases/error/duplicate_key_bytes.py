match a:
    case {b'x\xff': 1, b'x\xff': 2}: pass
