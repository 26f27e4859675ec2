class _C:
    __a = 1

    def __b(self, __c):
        self.__d = __c
        __e = __a
        del self.__f
        import __g
        from x import __h
        global __i
        self.__j__ = self.__k_
        return lambda __l: __l

    class __D:
        __m = 1


class __:
    __n = 1
