assert 1
assert 0
assert "", "empty"
assert None
assert True, "never"
