"""Reads of commune coverage: of a day, over time, its gaps, and who leaves soon."""
