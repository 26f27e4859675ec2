a + b - c * d / e // f % g ** h @ i
-a + +b
~a
not a
a << b >> c & d | e ^ f
-a ** -b
(a + b) * c
