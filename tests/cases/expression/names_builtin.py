True
False
None
...
__debug__
__name__
print
