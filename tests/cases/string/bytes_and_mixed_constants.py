x = b"", b"a", b"abc", "", "a", "abc"
y = b"abc", "abc"
def f():
    return b"abc", "abc"
