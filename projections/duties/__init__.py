"""Duties: which paper was due from whom on which day, and what became of it."""
