"""Reads a received message: what its receiver said of it, and what its own signatures say today."""
