"""The docstring alone."""
