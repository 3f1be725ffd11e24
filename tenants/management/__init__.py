"""Doors: what all commands have in common."""
