f(é=1)
x = "é", ("é",)
f(name=1)
y = "name", ("name",)
