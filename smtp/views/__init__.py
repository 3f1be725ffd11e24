"""Doors: the pages of settings, attempts and notices."""
