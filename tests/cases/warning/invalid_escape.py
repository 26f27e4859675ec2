a = "\d"
b = b"\q"
c = "\400"
d = f"\w{a}"
