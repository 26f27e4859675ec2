def f(a=None, b=True, *, c=False, d='', e=-1):
    (a, None, True, False, '', -1)
    x = (None, True, '', -1)
    y = -1 + 1, not '', -True, '' + '', +False, None, -1 * 1, ~0
    z = {None, -1, ''}, [True, False, None]
    if None: a
    if not '': b
    while -1: break
    assert a, ''
    return a is None or b is not None or '' is c and True or -1
def g():
    for x in None, -1, '', True: pass
    for y in [None, a, '']: pass
    return b'', 0, 1, 255, 256, -2, 1.0, ..., 'a'
def h(x):
    match x:
        case None | True | -1 | '': return ''
        case {'': None, -1: y}: return -1
    return f'{x}' f'' f'{""}'
