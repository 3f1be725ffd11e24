"""How dates are written: the day first, the month by name, hours from 0 to 24."""
