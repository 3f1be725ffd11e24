"""Tests of the rooms of tenants."""
