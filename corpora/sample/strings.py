"""Formatted strings."""
name, width, value = "n", 10, 3.14159
f""
f"plain"
f"{name}"
f"{name!r} {name!s} {name!a}"
f"{value:.2f} {value:{width}.{width!r}} {name=} {name = !s} {name=:>10}"
f"{{literal}} {name}}}" "and plain" f"{name}"
f"{name:{'>'}{width}}"
f'{f"{name}"}'
f"{ {'a': 1}['a'] }"
f"{(lambda x: x)(1)} {value if name else width}"
f"{name!r:^{width}}" rf"\n{name}\d"
f"""{
    name
}
  {value}"""
"%s and %r and %a" % (name, value, width)
"%s" % name
"%5d %-10s %%" % (width, name)
f"{'nested ' + f'{name + f"{value}"}'}"
f"{name}{value}{width}{name}{value}{width}{name}{value}{width}{name}{value}{width}{name}{value}{width}{name}{value}{width}"
