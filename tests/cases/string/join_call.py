"".join([a, b])
",".join(x for x in y)
" ".join(["a", "b"])
