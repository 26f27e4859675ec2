def f():
    import os.path
    return 1
