"""Reading: the rows of a CSV or XLSX file as the sheet shows them, in a process of its own.

The process (`__main__`) reads what a stranger sent, within bounds (`bounds`), and writes plain rows
(`cells`): of CSV (`delimited`), or of a workbook (`workbook`), whose sheets (`worksheet`) keep
numbers apart from the formats in which they are shown (`number_formats`). It imports nothing but
the standard library, so that it starts at once. The service starts it and reads its reply
(`process`).
"""
