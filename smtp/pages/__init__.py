"""Pages: what a page of settings and attempts tells, as plain values for a template."""
