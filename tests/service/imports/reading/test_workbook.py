"""Which sheet of a workbook is read, and what is said of the others."""

from collections.abc import Callable, Sequence
from io import BytesIO
from zipfile import ZipFile

import pytest

from service.imports.reading.bounds import MOST_PARTS, Unreadable
from service.imports.reading.delimited import read_delimited
from service.imports.reading.workbook import Reading, read_workbook
from service.imports.reading_findings import fault_of
from tests.service.imports.reading.sheets import HEADINGS, packed, part, read, row, text

LIST = part(row(2, text("A2", "a"), text("B2", "Xã A")))
EMPTY = LIST[: LIST.index("<row")] + LIST[LIST.index("</sheetData>") :]
COVER = LIST.replace("Mã", "HƯỚNG DẪN").replace("Loại", "Ví dụ")


def archive(*names: str) -> bytes:
    """A ZIP archive of empty files."""
    made = BytesIO()
    with ZipFile(made, "w") as packed_files:
        for name in names:
            packed_files.writestr(name, "")
    return made.getvalue()


def test_a_cover_sheet_does_not_hide_the_list_behind_it() -> None:
    found = read(COVER, LIST, names={0: "Bìa", 1: "Danh sách"})
    assert found.rows[1] == (2, ["a", "Xã A"])
    assert [(told.code, told.values) for told in found.told] == [
        ("other_sheets", {"read": "Danh sách", "names": "“Bìa”"})
    ]


def test_of_equal_sheets_the_first_is_read_and_the_others_are_named() -> None:
    found = read(LIST, LIST, EMPTY, LIST, names={1: "Huyện B", 3: "Huyện C"})
    assert [told.values["names"] for told in found.told] == ["“Huyện B”, “Huyện C”"]


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_is_not_taken_unasked_and_is_named(state: str) -> None:
    found = read(LIST, LIST, names={0: "Cũ"}, states={0: state})
    assert [(told.code, told.values["names"]) for told in found.told] == [("hidden_sheets", "“Cũ”")]
    with pytest.raises(Unreadable) as told:
        read(LIST, COVER, states={0: state})
    assert (told.value.code, told.value.values) == ("only_hidden", {"names": "“Sheet0”"})


def test_days_are_counted_from_1904_where_the_workbook_says_so() -> None:
    sheet = part(row(2, '<c r="A2" s="1"><v>42735</v></c>'))
    assert read(sheet, formats=["dd/mm/yyyy"], from_1904=True).rows[1][1] == [["d", "2021-01-01"]]
    assert read(sheet, formats=["dd/mm/yyyy"]).rows[1][1] == [["d", "2016-12-31"]]


def test_a_workbook_without_anything_has_no_rows() -> None:
    assert read(EMPTY) == ((), ())


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK\x03\x04 nothing", "no_workbook"),
        (packed([LIST])[:400], "no_workbook"),
        (archive("[Content_Types].xml"), "no_workbook"),
        (archive("[Content_Types].xml", *map(str, range(MOST_PARTS - 1))), "no_workbook"),
        (archive("[Content_Types].xml", *map(str, range(MOST_PARTS))), "parts"),
        (packed([]), "no_sheet"),
        ("Mã đơn vị,Tên\n".encode(), "is_text"),
        ("Mã đơn vị,Tên\n".encode("utf-16"), "is_text"),
    ],
)
def test_what_is_no_workbook_is_told(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as told:
        read_workbook(data, [HEADINGS])
    assert told.value.code == code


COMPOUND = b"\xd0\xcf\x11\xe0" + bytes(60)
DBASE = b"\x03\x7c\x01\x01" + bytes(60)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (COMPOUND, "old_workbook"),
        (COMPOUND + "EncryptedPackage".encode("utf-16-le"), "protected"),
        (COMPOUND + "WordDocument".encode("utf-16-le"), "document"),
        (archive("xl/workbook.bin", "[Content_Types].xml"), "binary_workbook"),
        (archive("mimetype", "content.xml"), "open_document"),
        (archive("word/document.xml", "[Content_Types].xml"), "document"),
        (archive("danh-sach.xlsx"), "archive"),
        (archive(), "archive"),
        (b"\x1f\x8b\x08", "archive"),
        (b"%PDF-1.7", "document"),
        (b"\xef\xbb\xbf\n<HTML><table>", "web_page"),
        (b"MIME-Version: 1.0\n", "web_page"),
        (DBASE, "database"),
    ],
)
@pytest.mark.parametrize("read_as", [read_workbook, read_delimited])
def test_another_kind_of_file_is_told_whatever_it_is_called(
    read_as: Callable[[bytes, Sequence[frozenset[str]]], Reading], data: bytes, code: str
) -> None:
    with pytest.raises(Unreadable) as told:
        read_as(data, [HEADINGS])
    assert told.value.code == code
    assert fault_of(told.value).mend.vi
