class B:
    a = [lambda: __conditional_annotations__ for x in y]

    def g(self):
        return __conditional_annotations__


class C:
    b = [__conditional_annotations__ for x in y]
    c = [__class__ for x in y]


def f(__classdict__, __conditional_annotations__):
    class D:
        b = [__conditional_annotations__ for x in y]

        def g(self):
            return __classdict__, __conditional_annotations__
