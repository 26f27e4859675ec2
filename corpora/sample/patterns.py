"""Structural pattern matching."""


def simple(subject):
    match subject:
        case 0:
            return "zero"
        case -1 | 1 | 2.5 | -3j | 1 + 2j:
            return "number"
        case "text" | b"bytes":
            return "string"
        case None | True | False:
            return "singleton"
        case subject.attribute.nested:
            return "value"
        case name if name > 10:
            return name
        case _:
            return "other"


def sequences(subject):
    match subject:
        case []:
            pass
        case [a]:
            return a
        case (a, b, *rest) if rest:
            return rest
        case [1, [2, *_], 3]:
            return 1
        case a, *_, b:
            return a, b
        case [*everything]:
            return everything


def mappings(subject):
    match subject:
        case {}:
            pass
        case {"key": value, "other": [1, x], **rest}:
            return value, x, rest
        case {-1: y, None: _, simple.name: z}:
            return y, z


def classes(subject):
    match subject:
        case int():
            return 1
        case str(text) | bytes(text):
            return text
        case Point(0, y=0) as origin:
            return origin
        case Point(x, y, z=[a, b], w={"k": c}):
            return x, y, a, b, c
        case (Line(start=Point(x=0)) | Line(end=Point(x=0))) as line:
            return line
    match subject, 1:
        case 1, 2:
            pass
    match (yield):
        case "a" "b":
            pass


match = {"case": 1}
match["case"]
match, case = 1, 2
