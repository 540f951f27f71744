"""Imports: lists that offices keep, as CSV or XLSX, taken in row by row by the same commands."""
