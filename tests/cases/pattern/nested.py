def f(command):
    match command.split():
        case ["go", ("north" | "south") as direction]:
            return direction
        case ["get", obj, *rest] if rest:
            return obj, rest
        case [Point(x=0, y=y), {"k": [first, *_]}]:
            return y, first
        case _:
            raise ValueError
