"""Tests of the rooms of config."""
