"""Hoà Bình in 2023: 151 communes and their 141 monitors, and what became of them until 2025.

Communes and counts are those of the sources; persons, days within a year, documents' numbers of
the sample's own decisions, and who monitors which commune, are placeholders.
"""
