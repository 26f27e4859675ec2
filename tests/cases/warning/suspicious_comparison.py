a is 1
a is "x"
a == 1 is b
1 is not a
a is ()
