"""Doors: the pages of domains."""
