"""Workbooks whose XML a test writes itself, and what the reader makes of them."""

import io
from collections.abc import Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape
from zipfile import ZIP_DEFLATED, ZipFile

from service.imports.reading.workbook import Reading, read_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATIONS = "http://schemas.openxmlformats.org/package/2006/relationships"
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
HEADINGS = frozenset({"ma", "ten", "loai"})


def text(cell: str, value: str) -> str:
    return f'<c r="{cell}" t="inlineStr"><is><t>{escape(value)}</t></is></c>'


def row(number: int, *cells: str, more: str = "") -> str:
    return f'<row r="{number}"{more}>{"".join(cells)}</row>'


HEADING_ROW = row(1, text("A1", "Mã"), text("B1", "Tên"), text("C1", "Loại"))


def part(rows: str, *, before: str = "", after: str = "") -> str:
    return (
        f'<worksheet xmlns="{MAIN}">{before}<sheetData>{HEADING_ROW}{rows}</sheetData>{after}'
        "</worksheet>"
    )


def packed(  # noqa: PLR0913  a workbook has many parts
    sheets: Sequence[str],
    *,
    names: Mapping[int, str] | None = None,
    states: Mapping[int, str] | None = None,
    formats: Sequence[str] = (),
    strings: str | None = None,
    from_1904: bool = False,
) -> bytes:
    """A workbook of these sheets; the style n + 1 has the n-th of the formats."""
    names, states = names or {}, states or {}
    listed = "".join(
        f'<sheet name="{names.get(i, f"Sheet{i}")}" sheetId="{i + 1}" '
        f'state="{states.get(i, "visible")}" r:id="rId{i}"/>'
        for i in range(len(sheets))
    )
    codes = "".join(
        f'<numFmt numFmtId="{164 + i}" formatCode="{escape(code, {chr(34): "&quot;"})}"/>'
        for i, code in enumerate(formats)
    )
    styles = '<xf numFmtId="0"/>' + "".join(
        f'<xf numFmtId="{164 + i}"/>' for i in range(len(formats))
    )
    related = "".join(
        f'<Relationship Id="rId{i}" Type="{OFFICE}/worksheet" Target="worksheets/s{i}.xml"/>'
        for i in range(len(sheets))
    )
    for kind in ("styles", "sharedStrings"):
        if kind == "styles" or strings is not None:
            related += f'<Relationship Id="{kind}" Type="{OFFICE}/{kind}" Target="{kind}.xml"/>'
    parts = {
        "_rels/.rels": f'<Relationships xmlns="{RELATIONS}"><Relationship Id="rId1" '
        f'Type="{OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{OFFICE}">'
        f'<workbookPr date1904="{int(from_1904)}"/><sheets>{listed}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{RELATIONS}">{related}'
        "</Relationships>",
        "xl/styles.xml": f'<styleSheet xmlns="{MAIN}"><numFmts>{codes}</numFmts>'
        f'<cellStyleXfs><xf numFmtId="9"/></cellStyleXfs><cellXfs>{styles}</cellXfs></styleSheet>',
        **{f"xl/worksheets/s{i}.xml": sheet for i, sheet in enumerate(sheets)},
    }
    if strings is not None:
        parts["xl/sharedStrings.xml"] = f'<sst xmlns="{MAIN}">{strings}</sst>'
    made = io.BytesIO()
    with ZipFile(made, "w", ZIP_DEFLATED) as file:
        for name, content in parts.items():
            file.writestr(name, content)
    return made.getvalue()


def read(*sheets: str, **more: Any) -> Reading:
    return read_workbook(packed(sheets, **more), [HEADINGS])


def cells(rows: str, **more: Any) -> list[Any]:
    """The rows below the headings of a workbook with one sheet."""
    return [found for _, found in read(part(rows), **more).rows[1:]]
