"""Reads of the organisation: the directory of any day, and the territory."""
