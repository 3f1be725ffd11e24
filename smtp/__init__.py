"""How mail leaves: providers, settings, attempts, and what went wrong with them."""
