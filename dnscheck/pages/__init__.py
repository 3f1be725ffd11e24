"""Pages: what a page of domains tells, as plain values for a template."""
