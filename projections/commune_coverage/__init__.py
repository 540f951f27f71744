"""Commune coverage: who monitors each commune on any day, where nobody does, since when and why."""
