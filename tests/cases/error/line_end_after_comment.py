for # not a name
