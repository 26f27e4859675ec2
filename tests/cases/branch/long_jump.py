def f(x, y):
    while x:
        if y:
            y.a0(x); y.a1(x); y.a2(x); y.a3(x); y.a4(x); y.a5(x); y.a6(x); y.a7(x); y.a8(x); y.a9(x)
            y.b0(x); y.b1(x); y.b2(x); y.b3(x); y.b4(x); y.b5(x); y.b6(x); y.b7(x); y.b8(x); y.b9(x)
        else:
            continue
        x = y
    return x
