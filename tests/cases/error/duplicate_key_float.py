match a:
    case {1e16: 1, 1e16: 2}: pass
