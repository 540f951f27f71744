"""How offices write numbers, days and terms: read exactly, or refused where it is doubtful."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.imports.cell_parsers import (
    boolean,
    day,
    format_number,
    number,
    slug,
    term,
    text,
    whole,
)
from service.imports.findings import NotUnderstood
from service.imports.reading.words import normalise

EXACT = st.decimals(-(10**14), 10**14, places=4) | st.integers(-(10**14), 10**14).map(Decimal)
DAYS = st.dates(date(1900, 1, 1), date(2199, 12, 31))


@given(EXACT)
def test_a_number_in_the_vietnamese_form_reads_as_itself(exact: Decimal) -> None:
    written = format_number(exact)
    assert number(written) == exact
    assert number(written.replace(".", " ")) == exact
    assert number(written.replace(".", "")) == exact


@given(st.text(alphabet="0123456789.,- ", max_size=12))
def test_what_is_read_as_a_number_is_written_so(written: str) -> None:
    try:
        found = number(written)
    except NotUnderstood:
        return
    ungrouped = written.strip().replace(".", "").replace(" ", "").replace(",", ".")
    assert Decimal(ungrouped) == found


@pytest.mark.parametrize(
    ("written", "exact"),
    [
        ("2.101", "2101"),
        ("90,3", "90.3"),
        ("1.234.567,89", "1234567.89"),
        ("2 101", "2101"),
        ("1.234", "1234"),
        ("0,125", "0.125"),
        ("1234,567", "1234.567"),
    ],
)
def test_a_dot_groups_and_a_comma_begins_the_decimals(written: str, exact: str) -> None:
    assert number(written) == Decimal(exact)


@pytest.mark.parametrize(
    "written",
    [
        "90.3",
        "1,234",
        "-12,000",
        "999,999",
        "2,101.5",
        "1.23",
        "12.3456",
        "1,2,3",
        "",
        "năm",
        "٣",
        "1e3",
        "NaN",
        "--1",
    ],
)
def test_a_number_that_could_mean_two_things_or_none_is_refused(written: str) -> None:
    with pytest.raises(NotUnderstood):
        number(written)


def test_a_whole_number_has_no_decimals() -> None:
    assert whole("2.101") == 2101
    with pytest.raises(NotUnderstood):
        whole("2,5")


@given(DAYS)
def test_a_day_reads_the_same_in_every_form(found: date) -> None:
    d, m, y = found.day, found.month, found.year
    forms = (
        f"{d:02}/{m:02}/{y}",
        f"{d}/{m}/{y}",
        f"{d}-{m}-{y}",
        f"{d:02}.{m:02}.{y}",
        found.isoformat(),
        f"ngày {d} tháng {m} năm {y}",
    )
    assert {day(form) for form in forms} == {found}
    assert day(text(found)) == found


@pytest.mark.parametrize(
    "written",
    ["31/02/2021", "12/25/2021", "25/12/21", "2021/12/25", "25/12-2021", "hôm qua", "44555"],
)
def test_a_day_that_does_not_exist_or_is_cut_short_is_refused(written: str) -> None:
    with pytest.raises(NotUnderstood):
        day(written)


@pytest.mark.parametrize(
    ("written", "label"),
    [
        ("2021", "2021"),
        ("Năm 2021", "2021"),
        ("Hằng năm từ 2021", "yearly"),
        ("hàng năm từ năm 2021", "yearly"),
        ("2021-2025", "2021-2025"),
        ("2021 – 2025", "2021-2025"),
        ("Giai đoạn 2021-2025", "2021-2025"),
        ("2021 đến 2025", "2021-2025"),
        ("01/03/2021 - 30/06/2022", "2021-03-01/2022-06-30"),
        ("từ 01/03/2021 đến 30/06/2022", "2021-03-01/2022-06-30"),
    ],
)
def test_a_term_is_a_year_every_year_or_a_period(written: str, label: str) -> None:
    assert term(written).label == label


@pytest.mark.parametrize(
    "written",
    [
        "",
        "sớm",
        "hằng năm",
        "2025-2021",
        "30/06/2022 - 01/03/2021",
        "2021-9999",
        "0000-2021",
        "quý I/2021",
    ],
)
def test_what_is_no_term_is_refused(written: str) -> None:
    with pytest.raises(NotUnderstood) as told:
        term(written)
    assert written in told.value.what.vi


def test_yes_and_no_have_several_words() -> None:
    assert [boolean(written) for written in ("Có", "x", "yes", "Không", "no")] == [True] * 3 + [
        False
    ] * 2
    with pytest.raises(NotUnderstood):
        boolean("có lẽ")


@pytest.mark.parametrize("written", ["Ủy ban", "Uỷ ban", "ỦY BAN", "U\u0309y ban", "  ủy   ban:"])
def test_headings_compare_without_marks_case_and_spaces(written: str) -> None:
    assert normalise(written) == "uy ban"


def test_a_stroked_d_is_a_d_in_either_spelling() -> None:
    assert {normalise(written) for written in ("Đơn vị", "Ðơn vị", "đơn vị", "don vi")} == {
        "don vi"
    }


@given(st.text(alphabet="ăâđêôơưáàảãạ abcxyz0123456789-", max_size=200))
def test_an_id_made_from_a_name_is_one_and_stays_so(name: str) -> None:
    made = slug(name)
    assert slug(made) == made
    assert len(made) <= 64
