"""Territory: lists of units and conversion tables, compared with the units on record that day.

The file is in one of two layouts (`layouts`). It is compared (`unit_list`, `conversion`) with the
units on record (`units`); this gives a plan (`plan`), which the importer carries out (`importer`).
"""
