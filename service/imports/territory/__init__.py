"""Territory: lists of units and conversion tables, compared with the units on record that day.

The file is in one of two layouts (`layouts`). A comparison (`comparison`) of either (`unit_list`,
`conversion`) with the units on record (`units`) says what to change, which the importer carries out
(`importer`).
"""
