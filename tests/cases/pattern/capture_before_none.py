# The `SWAP`s for a capture stand before a test for `None` on another line.
def f(node):
    match node:
        case a.B(
            x=a.C(y=a.N() as c, z=[_]),
            n=a.E(n=n),
            p=None,
        ):
            return c, n
