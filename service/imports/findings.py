"""Findings: what is wrong with a file, where, and how to mend it; and the report of them."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from service.language import Language
from service.spreadsheets import guarded


class Message(NamedTuple):
    """A sentence in both languages."""

    en: str
    vi: str

    def in_language(self, language: Language) -> str:
        return self.vi if language == "vi" else self.en

    def about(self, **values: object) -> "Message":
        """The sentence with these values in the places that it keeps for them."""
        return Message(self.en.format_map(values), self.vi.format_map(values))


class Finding(NamedTuple):
    """One thing wrong with a file; without a place, what may be wrong with any.

    Attributes:
        row: as the spreadsheet counts it, from 1; 0 is the file as a whole.
        column: its heading in the file, if one cell is to blame.
    """

    what: Message
    mend: Message
    row: int = 0
    column: str | None = None

    def about(self, **values: object) -> "Finding":
        """The finding with these values in the places that its sentences keep for them."""
        return self._replace(what=self.what.about(**values), mend=self.mend.about(**values))

    def at(self, row: int, column: str | None = None) -> "Finding":
        """The finding on that row."""
        return self._replace(row=row, column=column)

    def item(self, language: Language) -> dict[str, object]:
        """The finding for a reader of that language."""
        return {
            "row": self.row,
            "column": self.column,
            "what": self.what.in_language(language),
            "mend": self.mend.in_language(language),
        }


class NotUnderstood(ValueError):
    """A cell that cannot be read without guessing."""

    def __init__(self, what: Message, mend: Message) -> None:
        super().__init__(what.en)
        self.what = what
        self.mend = mend


class FileUnusable(Exception):
    """Nothing can be imported from this file."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__(findings[0].what.en)
        self.findings = findings


# Instead of the findings of a file whose key an erasure destroyed.
ERASED = Finding(
    Message(
        "the personal data of an official was erased: the file and what was found in it are gone",
        "đã xóa dữ liệu cá nhân của một cán bộ: tệp và kết quả kiểm tra tệp không còn được lưu",
    ),
    Message(
        "if rows are still to be imported, send the file again without that person",
        "nếu còn hàng chưa nhập, gửi lại tệp sau khi bỏ người đó",
    ),
)
# So many findings of one file are kept, and the last of them says that there were more.
MOST_KEPT = 10_000
MANY_MORE = Finding(
    Message("more is wrong with the file than is listed", "tệp còn nhiều lỗi khác không liệt kê"),
    Message(
        "mend what is listed, then send the file again",
        "sửa các lỗi đã liệt kê, rồi gửi lại tệp",
    ),
)


def kept(findings: Sequence[Finding], before: int) -> Sequence[Finding]:
    """Those of the findings that are kept beside so many before them."""
    room = MOST_KEPT - before
    if len(findings) <= room:
        return findings
    return () if room < 0 else (*findings[:room], MANY_MORE)


# Of a report: of which file, then what a finding's item holds.
HEADINGS: Mapping[Language, Sequence[str]] = {
    "en": ("file", "row", "column", "what", "mend"),
    "vi": ("Tệp", "Hàng", "Cột", "Lỗi", "Cách sửa"),
}


def report(file: str, findings: Sequence[Finding], language: Language) -> str:
    """The findings as CSV: file, row, column, what, how to mend."""
    text = io.StringIO()
    rows = csv.writer(text)
    rows.writerow(HEADINGS[language])
    for finding in findings:
        row, *cells = finding.item(language).values()
        rows.writerow((guarded(file), row, *map(guarded, cells)))
    return text.getvalue()
