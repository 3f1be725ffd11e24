"""The catalogue of mistakes that are seen in DNS: each a zone, and what is to be said of it."""
