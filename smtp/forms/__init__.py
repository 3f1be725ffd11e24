"""Doors: what a person typed about settings, checked."""
