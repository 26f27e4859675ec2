x = f(
    a,
    b
)(
    c
)
y = (
    a.
    b
    .c(
        d
    )
)
z = [
    1,
    x,
]
w = {
    "a": 1,
    "b": x,
}
