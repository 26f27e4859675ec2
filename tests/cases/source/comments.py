# -*- coding: utf-8 -*-
# comment
x = 1  # trailing
# last
