"""Findings: what is wrong with a file, where, and how to mend it, in Vietnamese and English."""

from typing import NamedTuple

from service.language import Language


class Words(NamedTuple):
    """One sentence in both languages."""

    en: str
    vi: str

    def said(self, language: Language) -> str:
        return self.vi if language == "vi" else self.en


class Finding(NamedTuple):
    """One thing wrong with a file.

    Attributes:
        row: as the spreadsheet counts it, from 1; 0 is the file as a whole.
        column: its heading in the file, if one cell is to blame.
    """

    row: int
    column: str | None
    what: Words
    mend: Words


class NotUnderstood(ValueError):
    """A cell that cannot be read without guessing."""

    def __init__(self, what: Words, mend: Words) -> None:
        super().__init__(what.en)
        self.what = what
        self.mend = mend


class FileUnusable(Exception):
    """Nothing can be taken from this file."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(findings[0].what.en)
        self.findings = findings
