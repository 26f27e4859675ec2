def f():
    """First line.

        Deeper line.
    Base line.\tTab
    """


class C:
    """
    Of a class.
      more
    """

    def m(self):
        "one line  "
