"""Lists as offices really keep them: what is not taken as it stands is told by row and column."""

import asyncio
from collections.abc import Sequence
from datetime import date
from io import BytesIO
from typing import Any

import pytest
from openpyxl import Workbook

from service.imports.file_kinds import LAYOUTS, FileKind
from service.imports.findings import FileUnusable
from service.imports.sheets import FileFormat, Sheet, open_sheet
from tests.service.imports.files import workbook

UNIT_HEADINGS = ("STT", "Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Mã số", "Đơn vị cấp trên", "Từ")
OFFICIALS = ("STT", "Mã cán bộ", "Họ và tên", "Liên hệ")


def opened(kind: str, content: bytes | str, effective_on: date | None = None) -> Sheet:
    data = content.encode() if isinstance(content, str) else content
    is_csv = isinstance(content, str)
    layouts = LAYOUTS[FileKind(kind)]
    return asyncio.run(open_sheet(layouts, "csv" if is_csv else "xlsx", data, effective_on))


def values(sheet: Sheet) -> list[dict[str, Any]]:
    assert [row.findings for row in sheet.rows() if row.findings] == []
    return [dict(row.values) for row in sheet.rows()]


def told(sheet: Sheet) -> list[tuple[int, str | None, str]]:
    """What is told of the file, and of its rows."""
    findings = [*sheet.findings, *(found for row in sheet.rows() for found in row.findings)]
    assert all(found.mend.vi and found.mend.en for found in findings)
    return [(found.row, found.column, found.what.en) for found in findings]


def formatted(headings: Sequence[str], *rows: Sequence[tuple[object, str] | object]) -> bytes:
    """A workbook whose cells may come with a number format."""
    book = Workbook()
    assert book.active is not None
    book.active.append(list(headings))
    for number, cells in enumerate(rows, start=2):
        for column, cell in enumerate(cells, start=1):
            value, code = cell if isinstance(cell, tuple) else (cell, "General")
            place = book.active.cell(number, column, value)
            place.number_format = code
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def test_codes_and_telephones_kept_as_numbers_are_what_the_sheet_shows() -> None:
    units = formatted(
        ("Mã đơn vị", "Tên đơn vị", "Loại đơn vị", "Mã số", "Số văn bản"),
        ("xa-a", "Xã A", "xã", (4282, "00000"), 4282),
        ((4831, "General"), "Xã B", "xã", (12345, "00000"), (12, "0")),
    )
    assert [
        (row["unit_id"], row["code"], row["document_number"])
        for row in values(opened("units", units))
    ] == [
        ("xa-a", "04282", "4282"),
        ("4831", "12345", "12"),
    ]
    officials = formatted(
        ("Mã cán bộ", "Họ và tên", "Liên hệ"),
        ("cb-1", "Cán bộ 1", (912345678, "0000000000")),
        ("cb-2", "Cán bộ 2", (912345678, "0000 000 000")),
        ("cb-3", "Cán bộ 3", 84912345678),
    )
    assert [row["contact"] for row in values(opened("officials", officials))] == [
        "0912345678",
        "0912 345 678",
        "84912345678",
    ]


@pytest.mark.parametrize(
    ("cell", "code"),
    [(4282, "#,##0"), (4282, "0.00E+00"), (4282.5, "General"), (date(2021, 12, 1), "dd/mm/yyyy")],
)
def test_a_code_that_the_sheet_shows_otherwise_is_told(cell: object, code: str) -> None:
    book = formatted(("Tên đơn vị", "Loại", "Mã số"), ("Xã A", "xã", (cell, code)))
    [(row, column, what)] = told(opened("units", book))
    assert (row, column) == (2, "Mã số")
    assert "the sheet keeps it as a number or a day" in what


def test_a_formula_without_a_value_and_an_error_are_told() -> None:
    book = workbook(
        ("Tên đơn vị", "Loại", "Trực thuộc", "Có hiệu lực từ"),
        ("Xã A", "xã", '="huyen-"&"mau"', "=TODAY()"),
    )
    assert told(opened("units", book)) == [
        (2, "Trực thuộc", "its formula has no stored value"),
        (2, "Có hiệu lực từ", "its formula has no stored value"),
    ]


def test_a_month_is_no_day() -> None:
    book = formatted(
        ("Tên đơn vị", "Loại", "Có hiệu lực từ"), ("A", "xã", (date(2021, 6, 1), "mm/yyyy"))
    )
    assert told(opened("units", book)) == [
        (2, "Có hiệu lực từ", "“06/2021” is not a day that exists")
    ]


@pytest.mark.parametrize(
    "numbers",
    [("(1)", "(2)", "(3)", "(4)"), (1, 2, 3, 4), ("A", "B", "1", "2"), ("A", "(1)", 2, "3=1+2")],
)
def test_a_row_that_numbers_the_columns_is_passed_over_and_told(numbers: Sequence[object]) -> None:
    book = workbook(("DANH SÁCH CÁN BỘ",), OFFICIALS, numbers, (1, "cb-1", "Cán bộ 1"))
    sheet = opened("officials", book)
    assert [row["official_id"] for row in values(sheet)] == ["cb-1"]
    assert told(sheet) == [(3, None, "the row numbers the columns: passed over")]


def test_a_row_of_ids_and_names_that_are_numbers_later_in_the_list_is_a_row() -> None:
    book = workbook(OFFICIALS, (1, "cb-1", "Cán bộ 1"), (2, 3, "4"))
    assert [row["official_id"] for row in values(opened("officials", book))] == ["cb-1", "3"]


def test_repeated_headings_are_passed_over_and_told() -> None:
    sheet = opened(
        "officials",
        "Mã cán bộ,Họ và tên,Liên hệ\ncb-401,Cán bộ 401,\nMã cán bộ,Họ và tên,Liên hệ\n"
        "(1),(2),(3)\ncb-402,Cán bộ 402,\n",
    )
    assert [row["official_id"] for row in values(sheet)] == ["cb-401", "cb-402"]
    assert [(row, what) for row, _, what in told(sheet)] == [
        (3, "the row repeats the headings: passed over"),
        (4, "the row numbers the columns: passed over"),
    ]


def test_totals_signatures_and_notes_below_a_list_are_passed_over_and_told() -> None:
    book = workbook(
        OFFICIALS,
        (1, "cb-1", "Cán bộ 1"),
        (2, "cb-2", "Cán bộ 2"),
        (None, None, "Tổng cộng: 2 cán bộ"),
        (),
        (None, None, None, "Tuyên Quang, ngày 05 tháng 01 năm 2021"),
        (None, "Người lập biểu", None, "TM. Ban Thường vụ"),
        (None, "(Đã ký)", None, "(Đã ký)"),
        (None, "Cán bộ 9", None, "Cán bộ 8"),
    )
    sheet = opened("officials", book)
    assert [row["official_id"] for row in values(sheet)] == ["cb-1", "cb-2"]
    assert [row for row, _, _ in told(sheet)] == [4, 6, 7, 8, 9]


def test_a_row_of_the_list_that_lacks_a_cell_is_no_note() -> None:
    book = workbook(
        OFFICIALS, (1, "cb-1", "Cán bộ 1"), (2, "cb-2"), (3, "cb-3", "Cán bộ 3"), (4, "cb-4")
    )
    assert told(opened("officials", book)) == [
        (3, "Họ và tên", "it is missing"),
        (5, "Họ và tên", "it is missing"),
    ]


def test_a_row_with_more_cells_than_headings_was_split_wrongly() -> None:
    sheet = opened(
        "units",
        "Mã đơn vị,Loại đơn vị,Tên đơn vị,\nban-x,cơ quan Đảng,Ban Tuyên giáo, Dân vận\n"
        "ban-y,cơ quan Đảng,Ban Tổ chức,\n",
    )
    assert told(sheet) == [
        (
            2,
            None,
            "the row has more cells than there are headings: “Dân vận” stands under none",
        )
    ]


def test_a_filled_column_without_a_heading_is_told_once() -> None:
    book = workbook(
        ("Tên đơn vị", "Loại", None), ("Xã A", "xã"), ("Xã B", "xã", "x"), ("Xã C", "xã", "y")
    )
    sheet = opened("units", book)
    assert len(values(sheet)) == 3
    assert told(sheet) == [
        (3, None, "the column C has no heading: 2 cells are not taken, “x” first")
    ]


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r"])
def test_line_ends_within_a_cell_are_one_kind(end: str) -> None:
    content = f'Mã cán bộ;Họ và tên;Liên hệ{end}cb-1;Cán bộ 1;"Dòng một{end}Dòng hai"{end}'
    assert values(opened("officials", content))[0]["contact"] == "Dòng một\nDòng hai"


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_a_first_line_may_name_the_separator(separator: str) -> None:
    lines = ("Mã cán bộ", "Họ và tên"), ("cb-1", "Cán bộ 1")
    content = f"sep={separator}\n" + "".join(separator.join(line) + "\n" for line in lines)
    sheet = opened("officials", content)
    assert [(row.number, row.values["official_id"]) for row in sheet.rows()] == [(3, "cb-1")]


@pytest.mark.parametrize(
    ("written", "what"),
    [
        ("XÃ£ TÃ¢n ThÃ nh", "was encoded twice"),
        ("X· T©n Thµnh", "is written in TCVN3 or VNI"),
        ("Xaõ Taân Thaønh", "is written in TCVN3 or VNI"),
        ("Xã T\ufffdn Thành", "letters of"),
        ("Xã T?n Thành", "letters of"),
        ("Xа Tân Thành", "has a letter of another alphabet"),
        ("Ngµnh nghÐ", "is written in TCVN3 or VNI"),
        ("Ban bÐ", "is written in TCVN3 or VNI"),
    ],
)
def test_text_in_an_old_encoding_or_encoded_twice_is_told(written: str, what: str) -> None:
    [(row, column, found)] = told(opened("units", f"Tên đơn vị;Loại\n{written};xã\n"))
    assert (row, column) == (2, "Tên đơn vị")
    assert what in found


@pytest.mark.parametrize(
    "written",
    ["Xã Tân Thành", "Thị trấn Ỷ La", "Quý 3/2021: 5 °C, 12 m²", "http://a.vn?b=c", "Citroën"],
)
def test_text_as_it_should_be_is_taken(written: str) -> None:
    assert values(opened("units", f"Tên đơn vị;Loại\n{written};xã\n"))[0]["name"] == written


@pytest.mark.parametrize(
    ("written", "taken"),
    [
        ("Xã\u200b Tân\u00ad Thành".replace("\u00ad", "\u2060"), "Xã Tân Thành"),
        ("\ufeffXã Tân Thành\u200e", "Xã Tân Thành"),
        ("Xã Ð\u1eb7ng", "Xã Đ\u1eb7ng"),
        ("UBNÐ xã ð\u1ecfng", "UBNĐ xã đ\u1ecfng"),
        ("30-QÐ/TU", "30-QĐ/TU"),
    ],
)
def test_what_nobody_sees_is_left_out_and_the_stroked_d_is_one(written: str, taken: str) -> None:
    assert values(opened("units", f"Tên đơn vị;Loại\n{written};xã\n"))[0]["name"] == taken


def test_a_cell_of_signs_that_nobody_sees_is_empty() -> None:
    content = "Tên đơn vị;Loại;Trực thuộc\nXã A;xã;\u200b\n\u200b;xã;\n"
    sheet = opened("units", content)
    assert "parent" not in next(sheet.rows()).values
    assert told(sheet) == [(3, "Tên đơn vị", "it is missing")]


def test_headings_in_an_old_encoding_are_told_as_such() -> None:
    for headings in ("M· ®¬n vÞ,Tªn ®¬n vÞ\na,b\n", "Maõ ñôn vò,Teân ñôn vò\na,b\n"):
        with pytest.raises(FileUnusable) as unusable:
            opened("units", headings)
        _, old = unusable.value.findings
        assert (old.row, "TCVN3 or VNI" in old.what.en) == (1, True)


@pytest.mark.parametrize("kind", ["units", "tasks"])
def test_no_word_of_a_library_stands_in_a_vietnamese_sentence(kind: str) -> None:
    forms: tuple[tuple[bytes, FileFormat], ...] = (
        ('Tên đơn vị;Loại\n"A;xã\n'.encode(), "csv"),
        (b"PK\x03\x04", "xlsx"),
    )
    for data, form in forms:
        with pytest.raises(FileUnusable) as unusable:
            asyncio.run(open_sheet(LAYOUTS[FileKind(kind)], form, data))
        for finding in unusable.value.findings:
            assert not {"unexpected", "BadZipFile", "sổ tính"} & {*finding.what.vi.split()}


@pytest.mark.parametrize(
    ("data", "what"),
    [
        ("Tên đơn vị;Loại\nA;xã\n".encode("utf-16-le"), "UTF-16"),
        ("Tên đơn vị;Loại\nA;xã\n".encode("utf-16"), "UTF-16"),
        ("Xã Đà Bắc\n".encode("cp1258", "ignore"), "Windows-1258"),
        (b"PK\x03\x04", "it is a workbook, sent as CSV"),
    ],
)
def test_a_csv_that_is_not_utf_8_is_told(data: bytes, what: str) -> None:
    with pytest.raises(FileUnusable) as unusable:
        asyncio.run(open_sheet(LAYOUTS[FileKind.UNITS], "csv", data))
    assert what in unusable.value.findings[0].what.en


def test_the_day_may_be_given_beside_the_file_and_a_rows_own_day_counts_before_it() -> None:
    given = date(2025, 6, 30)
    bare = "Mã,Tên,Cấp,Mã TP,Tỉnh / Thành Phố\n02200,Phường Phan Thiết,Phường,08,Tỉnh Tuyên Quang\n"
    assert values(opened("territory", bare, given))[0]["valid_asof"] == given
    own = "Tên đơn vị;Loại;Có hiệu lực từ\nXã A;xã;01/01/2024\nXã B;xã;\n"
    found = [row["effective_on"] for row in values(opened("units", own, given))]
    assert found == [date(2024, 1, 1), given]
    with pytest.raises(FileUnusable):
        opened("territory", bare)
