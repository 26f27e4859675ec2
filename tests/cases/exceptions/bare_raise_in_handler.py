def f():
    try:
        a()
    except E:
        raise
    except F as e:
        raise G from e
    except:
        log()
        raise
