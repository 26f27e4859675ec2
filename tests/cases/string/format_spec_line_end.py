# In a string of one line the end of the line ends a format specification, up to 3.12; then it is an error.
f'{x:%Y
}'
