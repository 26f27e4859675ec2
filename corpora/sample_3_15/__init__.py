"""What only CPython 3.15 and later take, used once each. Compiled, never run."""
