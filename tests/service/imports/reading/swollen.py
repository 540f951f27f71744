"""Small workbooks that cost much: what unpacks to hundreds of megabytes, or reaches far out."""

import io
from zipfile import ZIP_DEFLATED, ZipFile

from tests.service.imports.reading.sheets import packed, part, row, text

MIB = 2**20
SHEET = "xl/worksheets/s0.xml"
STRINGS = "xl/sharedStrings.xml"
BEGIN, END = part("").split("</sheetData>")


def swollen(name: str, head: str, piece: str, times: int, tail: str) -> bytes:
    """A workbook one part of which is a piece many times over."""
    whole = packed([part("")], strings="")
    made = io.BytesIO()
    with ZipFile(io.BytesIO(whole)) as old, ZipFile(made, "w", ZIP_DEFLATED) as new:
        for item in old.namelist():
            if item != name:
                new.writestr(item, old.read(item))
        with new.open(name, "w") as file:
            file.write(head.encode())
            block = piece.encode() * 1000
            for _ in range(times // 1000):
                file.write(block)
            file.write(tail.encode())
    return made.getvalue()


def one_long_cell() -> bytes:
    """One cell of 250 MB."""
    begin = f'{BEGIN}<row r="2"><c r="A2" t="inlineStr"><is><t>'
    return swollen(SHEET, begin, "x" * 1000, 250_000, f"</t></is></c></row></sheetData>{END}")


def a_million_strings() -> bytes:
    """More shared texts than are read."""
    head = part("")[: part("").index(">") + 1].replace("worksheet", "sst")
    return swollen(STRINGS, head, "<si><t>a</t></si>", 1_001_000, "</sst>")


def rows_without_end() -> bytes:
    """More rows than a list has."""
    return swollen(SHEET, BEGIN, "<row><c><v>1</v></c></row>", 101_000, f"</sheetData>{END}")


def cells_without_end() -> bytes:
    """300 MB of cells with nothing in them."""
    return swollen(SHEET, BEGIN, f"<row><c>{' ' * 1000}</c></row>", 300_000, f"</sheetData>{END}")


def a_column_far_out() -> bytes:
    """A list, and blanks in the last column and row that there are."""
    rows = "".join(row(n, text(f"A{n}", "a"), text(f"XFD{n}", " ")) for n in range(2, 2000))
    return packed([part(rows + row(1_048_576, text("XFD1048576", " ")))])
