"""Whether the world can see it: required records, what the DNS says, and the difference."""
