"""Tests of the rooms of dnscheck."""
