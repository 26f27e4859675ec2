match a:
    case {"it\u0027s\n\u200b\udc80": 1, "it\u0027s\n\u200b\udc80": 2}: pass
