assert x
assert x, "message"
assert x > 1, f"{x}"
assert not x
assert x and y
assert x or y, y
