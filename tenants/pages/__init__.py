"""Pages: what the overview tells, as plain values for a template."""
