"""Tests of the rooms of smtp."""
