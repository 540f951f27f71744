"""Reporting: what is wrong with a file, told to a reader of either language."""

import csv
import io
from collections.abc import Sequence

from service.imports.findings import Finding
from service.language import Language
from service.spreadsheets import guarded


def item(finding: Finding, language: Language) -> dict[str, object]:
    """A finding for a reader of that language."""
    return {
        "row": finding.row,
        "column": finding.column,
        "what": finding.what.said(language),
        "mend": finding.mend.said(language),
    }


def report(file: str, findings: Sequence[Finding], language: Language) -> str:
    """The findings as CSV: file, row, column, what, how to mend."""
    made = io.StringIO()
    rows = csv.writer(made)
    rows.writerow(("file", "row", "column", "what", "mend"))
    for found in findings:
        cells = item(found, language)
        rows.writerow((guarded(file), cells["row"], *map(guarded, list(cells.values())[1:])))
    return made.getvalue()
