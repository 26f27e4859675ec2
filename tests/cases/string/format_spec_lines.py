# In a string of three quotes a format specification may go over several lines from 3.12 on.
f"""{
    x():%Y
%m
}"""
f'''{x:a{y:b
c}d
}'''
