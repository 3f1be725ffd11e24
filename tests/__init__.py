"""The rooms of the product again, mirrored by their tests."""
