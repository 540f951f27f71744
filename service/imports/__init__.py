"""Imports: lists that offices keep, as CSV or XLSX, recorded row by row by the usual commands.

A file is read as a sheet (`sheets`): its headings are the columns of a layout (`layout`, with one
module for each kind of file), its cells are parsed (`cell_parsers`), and a row becomes steps, which
are commands (`row_importer`). A dry run records nothing (`dry_run`). Files sent over HTTP are jobs
(`jobs`) of a worker (`worker`). What is wrong is reported as findings (`findings`).
"""
