"""Which sheet of a workbook is read, and what is said of the others."""

import pytest

from service.imports.reading.bounds import Unreadable
from service.imports.reading.workbook import read_workbook
from tests.service.imports.reading.sheets import HEADINGS, packed, part, read, row, text

LIST = part(row(2, text("A2", "a"), text("B2", "Xã A")))
COVER = LIST.replace("Mã", "HƯỚNG DẪN").replace("Loại", "Ví dụ")
EMPTY = LIST[: LIST.index("<row")] + LIST[LIST.index("</sheetData>") :]


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
        (b"\xd0\xcf\x11\xe0 old or encrypted", "old_workbook"),
        (packed([LIST])[:400], "no_workbook"),
    ],
)
def test_what_is_no_workbook_is_told(data: bytes, code: str) -> None:
    with pytest.raises(Unreadable) as told:
        read_workbook(data, [HEADINGS])
    assert told.value.code == code
