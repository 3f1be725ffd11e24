"""English dates, such as 3 March 2026, 14:05."""
