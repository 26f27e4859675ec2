"""Classes."""


class Empty: pass


class Base:
    """With a docstring."""

    __slots__ = ("a", "b")
    class_attribute: int = 1
    annotated: str

    def __init__(self, a, b):
        self.a = a
        self.b, self.c = b, a
        self.d: int = 1

    @property
    def value(self):
        return self.a

    @value.setter
    def value(self, new):
        self.a = new

    @classmethod
    def create(cls, *args):
        return cls(*args)

    @staticmethod
    def helper(): return 1


class Derived(Base, metaclass=type, flag=True):
    def __init__(self):
        super().__init__(1, 2)
        super(Derived, self).__init__(1, 2)
        super().value
        print(super().create, __class__)

    def method(self):
        return super().helper(), super

    class Nested(Base):
        class Deeper:
            def method(self): return self
        x = lambda self: self.x

    if True:
        conditional: int = 2


@(lambda cls: cls)
class Decorated(*[Base], **{}):
    x = 1
    y = [x for _ in range(3)]
    del x


def make():
    free = 1

    class Inside:
        local = free
        free = 2

        def method(self):
            nonlocal free
            free = 3
    return Inside
