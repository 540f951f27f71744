"""Reads of tasks: lists, rates, what waits, and one task as a whole."""
