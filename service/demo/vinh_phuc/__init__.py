"""Vĩnh Phúc, 2021 and 2022: officials assessed by product, with indicators for the districts.

Who is assessed and by how many tasks, the kinds of results and the two ratings are those of the
report. The composition of the agencies, the other indicators and all tasks are placeholders.
"""
