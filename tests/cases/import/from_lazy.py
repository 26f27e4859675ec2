from a lazy import b
