x = "\N{ARABIC LETTER NOON WITH RING ABOVE}"
y = f"\N{ALARM BELL SYMBOL}{x:\N{tangut ideograph-18d1e}}"
