x = "references/file_name_constant.py", "<module>", "<lambda>"
y = lambda: "<lambda>"
