"""Commands for an operator at a terminal."""
