ﬁ = 1
fi
x.ﬁ = ﬁ
def f(ª): return ª
