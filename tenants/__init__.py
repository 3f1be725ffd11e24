"""Who things belong to: tenants and their people."""
