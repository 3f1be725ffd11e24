"""Doors: what a person typed about domains, checked."""
