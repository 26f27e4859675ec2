assert (x, "message")
assert ()
