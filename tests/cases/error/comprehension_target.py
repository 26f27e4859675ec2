[x + 1 for x + 1 in y]
