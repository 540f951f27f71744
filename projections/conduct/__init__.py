"""Conduct: what was found of whom, by which manifestation, and what the person replied."""
