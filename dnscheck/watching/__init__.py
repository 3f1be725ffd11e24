"""How verified domains are watched, and how people are told."""
