"""What a sheet's XML says beside its values: merged cells, formulas, hidden rows, escapes."""

from io import BytesIO
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.imports.reading.bounds import Tally, Unreadable
from service.imports.reading.worksheet import Shared, read_rows
from tests.service.imports.reading.sheets import cells, part, read, row, text


def test_a_cell_merged_over_rows_counts_for_every_row() -> None:
    rows = (
        row(2, text("A2", "a"), text("B2", "x")) + row(3, text("A3", "b")) + row(5, text("A5", "c"))
    )
    found = read(part(rows, after='<mergeCells><mergeCell ref="B2:B5"/></mergeCells>'))
    assert [cells for _, cells in found.rows[1:]] == [["a", "x"], ["b", "x"], ["c", "x"]]
    assert found.told == []


def test_a_cell_merged_over_columns_counts_for_the_first_and_is_told() -> None:
    after = '<mergeCells><mergeCell ref="A2:B3"/></mergeCells>'
    found = read(part(row(2, text("A2", "a")) + row(3, text("C3", "c")), after=after))
    assert [cells for _, cells in found.rows[1:]] == [["a"], ["a", None, "c"]]
    assert [(told.code, told.row) for told in found.told] == [("merged_across", 2)]


def test_a_column_merged_to_its_end_is_not_a_million_rows() -> None:
    after = '<mergeCells><mergeCell ref="B2:B1048576"/></mergeCells>'
    found = read(
        part(row(2, text("A2", "a"), text("B2", "x")) + row(9, text("A9", "b")), after=after)
    )
    assert [number for number, _ in found.rows] == [1, 2, 9]
    assert found.rows[-1][1] == ["b", "x"]


def test_a_formula_without_a_value_is_not_an_empty_cell() -> None:
    rows = (
        row(2, '<c r="A2"><f>"a"&amp;"b"</f><v/></c>', '<c r="B2"><f>X</f></c>')
        + row(3, '<c r="A3" t="str"><f>X</f><v></v></c>', '<c r="B3" t="str"><f>X</f><v>y</v></c>')
        + row(4, '<c r="A4"><f t="shared" si="0"/><v>7</v></c>', '<c r="B4" t="e"><v>#N/A</v></c>')
    )
    assert cells(rows) == [
        [["?", "formula", ""], ["?", "formula", ""]],
        [None, "y"],
        [["n", "7", "7", False], ["?", "error", "#N/A"]],
    ]


@pytest.mark.parametrize("how", ['hidden="1"', 'hidden="true"', 'ht="0" customHeight="1"'])
def test_hidden_rows_are_not_taken_and_told_together(how: str) -> None:
    hidden = "".join(row(n, text(f"A{n}", "a"), more=f" {how}") for n in (3, 4, 6))
    found = read(part(row(2, text("A2", "a")) + hidden + row(7, text("A7", "b"))))
    assert [number for number, _ in found.rows] == [1, 2, 7]
    assert [(told.code, told.row, told.values["last"]) for told in found.told] == [
        ("hidden_rows", 3, 4),
        ("hidden_row", 6, 6),
    ]


def test_a_hidden_column_that_holds_something_is_told() -> None:
    before = '<cols><col min="2" max="16384" hidden="1"/></cols>'
    found = read(part(row(2, text("A2", "a"), text("C2", "b")), before=before))
    assert [(told.code, told.column) for told in found.told] == [
        ("hidden_column", 1),
        ("hidden_column", 2),
    ]


def test_stray_cells_far_out_are_told_if_they_hold_something_and_cost_nothing() -> None:
    rows = row(2, text("A2", "a"), text("XFD2", " ")) + row(1048576, text("XFD1048576", "x"))
    found = read(part(rows))
    assert found.rows[1:] == [(2, ["a"])]
    assert [(told.code, told.values) for told in found.told] == [
        ("far_cells", {"first": "XFD1048576", "count": 1})
    ]


def test_escapes_entities_and_line_ends_are_resolved() -> None:
    shown = "a_x000D__x000A_b&#13;\nc _x005F_x0041_ &lt;&amp; _xD800_"
    assert cells(row(2, f'<c r="A2" t="inlineStr"><is><t>{shown}</t></is></c>')) == [
        ["a\nb\nc _x0041_ <& _xD800_"]
    ]


def test_texts_are_shared_and_what_is_written_above_them_is_left_out() -> None:
    strings = "<si><t> Xã </t></si><si><r><t>Tân </t></r><r><t>A</t></r><rPh><t>x</t></rPh></si>"
    found = row(2, '<c r="A2" t="s"><v>0</v></c>', '<c r="B2" t="s"><v>1</v></c>')
    assert cells(found, strings=strings) == [["Xã", "Tân A"]]


def test_cells_and_rows_without_a_place_follow_one_another() -> None:
    rows = (
        '<row><c t="inlineStr"><is><t>a</t></is></c><c><v>1</v></c></row><row><c><v>2</v></c></row>'
    )
    assert cells(rows) == [["a", ["n", "1", "1", False]], [["n", "2", "2", False]]]


SHARED = Shared(["s0", "s1"], ["General", "00000"], from_1904=False)
KINDS = st.sampled_from(
    [
        "<c {r}/>",
        '<c {r} s="1"><v>42</v></c>',
        '<c {r} t="s"><v>1</v></c>',
        '<c {r} t="inlineStr"><is><t>a &amp; b_x000D_</t></is></c>',
        '<c {r} t="inlineStr"><is><r><t>a</t></r><r><t xml:space="preserve"> b</t></r></is></c>',
        '<c {r} t="str"><f>X</f><v>x</v></c>',
        "<c {r}><f>X</f></c>",
        '<c {r} t="b"><v>1</v></c>',
        '<c {r} t="e"><v>#REF!</v></c>',
        "<!-- <c {r}><v>9</v></c> --><c {r}><v>8</v></c>",
        '<c {r} cm="1"><v>7</v></c>',
        "<c {r}><![CDATA[x]]><v>6</v></c>",
    ]
)
ROWS = st.lists(st.lists(KINDS, max_size=5), max_size=6)


def rows_of(xml: str) -> Any:
    return read_rows(BytesIO(xml.encode()), SHARED, Tally()).rows


@given(ROWS)
def test_plain_rows_are_read_as_the_parser_reads_them(rows: list[list[str]]) -> None:
    """A comment above the rows leaves them all to the parser."""
    made = "".join(
        row(n, *(cell.replace("{r}", f'r="{"ABCDE"[i]}{n}"') for i, cell in enumerate(kinds)))
        for n, kinds in enumerate(rows, start=2)
    )
    assert rows_of(part(made)) == rows_of(part(made, before="<!-- -->"))


@pytest.mark.parametrize(
    "sheet",
    [
        part(row(2, text("A2", "a")))
        .replace("<worksheet xmlns", "<x:worksheet xmlns:x")
        .replace("</", "</x:")
        .replace("<sheetData", "<x:sheetData")
        .replace("<row", "<x:row")
        .replace("<c ", "<x:c ")
        .replace("<is>", "<x:is>")
        .replace("<t>", "<x:t>"),
        f'<?xml version="1.0" encoding="UTF-8"?>\r\n{part(row(2, text("A2", "a")))}',
        part("\n  " + row(2, text("A2", "a")).replace("><", ">\n<") + "\n"),
    ],
)
def test_a_prefix_a_declaration_or_blanks_make_no_difference(sheet: str) -> None:
    assert read(sheet).rows[1:] == [(2, ["a"])]


@pytest.mark.parametrize(
    ("sheet", "code"),
    [
        ("<!DOCTYPE x [<!ENTITY e 'x'>]>" + part(""), "document_type"),
        (part(row(2, '<c r="A2" t="inlineStr"><is><t>&nbsp;</t></is></c>')), "no_workbook"),
        (part(row(2, '<c r="A2" t="s"><v>5</v></c>')), "no_workbook"),
        (part('<row r="2"><c r="A2"><v>1</c></row>'), "no_workbook"),
        (part('<row r="x">'), "no_workbook"),
        (part(row(2, text("A2", "x" * 32_768))), "long_cell"),
    ],
)
def test_what_is_damaged_is_told(sheet: str, code: str) -> None:
    with pytest.raises(Unreadable) as told:
        read(sheet)
    assert told.value.code == code
