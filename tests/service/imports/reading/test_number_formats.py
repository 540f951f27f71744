"""What a sheet shows of a number, and what the file keeps."""

from typing import Any

import pytest

from service.imports.reading.cells import number_cell


def cell(raw: str, code: str, *, from_1904: bool = False) -> Any:
    return number_cell(raw, code, from_1904=from_1904)


@pytest.mark.parametrize(
    ("raw", "code", "shown"),
    [
        ("4282", "General", "4282"),
        ("4282", "00000", "04282"),
        ("912345678", "0000000000", "0912345678"),
        ("912345678", "0000\\ 000\\ 000", "0912 345 678"),
        ("912345678", '"0"000000000', "0912345678"),
        ("4282", "#,##0", "4.282"),
        ("1234567.5", "#,##0.00", "1.234.567,50"),
        ("90.3", "General", "90,3"),
        ("0.5", "0.0#", "0,5"),
        ("0", "#,##0", "0"),
        ("0.25", "#.##", ",25"),
        ("-5", "0", "-5"),
        ("-5", "0;(0)", "(5)"),
        ("12", '0" lò"', "12 lò"),
        ("2.675", "0.00", "2,68"),
        ("1e3", "0", "1000"),
        ("0.1", "General", "0,1"),
        ("0.30000000000000004", "General", "0,3"),
        ("5", "[Red]0", "5"),
        ("5", "@", "5"),
        ("1500000", "#,##0 [$₫-42A]", "1.500.000 ₫"),
    ],
)
def test_a_number_is_shown_as_its_format_says(raw: str, code: str, shown: str) -> None:
    kind, _, found, _ = cell(raw, code)
    assert (kind, found) == ("n", shown)


@pytest.mark.parametrize(
    ("raw", "code", "number"),
    [
        ("90.3", '0.0"%"', "90.3"),
        ("90", "0\\%", "90"),
        ("90.3", '0" (%)"', "90.3"),
        ("90.3", "0_%", "90.3"),
        ("0.903", "0.0%", "90.3"),
        ("0.903", "0%;-0%", "90.3"),
        ("-0.5", '0%;0" %"', "-0.5"),
        ("85", '#,##0" % hộ"', "85"),
    ],
)
def test_only_a_real_percentage_multiplies(raw: str, code: str, number: str) -> None:
    assert float(cell(raw, code)[1]) == float(number)


@pytest.mark.parametrize("code", ["# ?/?", "0.00E+00", "[>100]0;0"])
def test_what_cannot_be_shown_here_keeps_its_number_only(code: str) -> None:
    assert cell("0.5", code)[2] is None


@pytest.mark.parametrize(
    ("raw", "code", "doubt"),
    [
        ("1500000", "#,##0,", "scaled"),
        ("1500000", '0.0,,"tr"', "scaled"),
        ("1234567890123456", "0", "digits"),
        ("1.23456789012346E+17", "General", "digits"),
        ("nan", "General", "no_number"),
        ("x", "General", "no_number"),
        ("60", "dd/mm/yyyy", "no_day"),
        ("-3", "dd/mm/yyyy", "no_day"),
        ("99999999", "dd/mm/yyyy", "no_day"),
        ("44197", "d-mmm", "part_of_day"),
    ],
)
def test_what_shows_otherwise_than_it_is_kept_is_doubted(raw: str, code: str, doubt: str) -> None:
    assert cell(raw, code)[:2] == ["?", doubt]


@pytest.mark.parametrize(
    ("raw", "code", "from_1904", "shown"),
    [
        ("44197", "dd/mm/yyyy", False, ["d", "2021-01-01"]),
        ("42735", "dd/mm/yyyy", True, ["d", "2021-01-01"]),
        ("1", "d/m/yy", False, ["d", "1900-01-01"]),
        ("61", "yyyy-mm-dd", False, ["d", "1900-03-01"]),
        ("0", "dd/mm/yyyy", True, ["d", "1904-01-01"]),
        ("44197", '[$-42A]dd" tháng "mm" năm "yyyy', False, ["d", "2021-01-01"]),
        ("44197.5", "dd/mm/yyyy", False, ["d", "2021-01-01"]),
        ("44197.5", "dd/mm/yyyy hh:mm", False, "01/01/2021 12:00"),
        ("44197", "dd/mm/yyyy hh:mm", False, ["d", "2021-01-01"]),
        ("44197", "yyyy", False, "2021"),
        ("44348", "mm/yyyy", False, "06/2021"),
        ("0.5", "hh:mm", False, "12:00"),
    ],
)
def test_a_day_is_read_in_both_systems_and_never_from_a_part_of_it(
    raw: str,
    code: str,
    from_1904: bool,  # noqa: FBT001  a table of cases
    shown: object,
) -> None:
    assert cell(raw, code, from_1904=from_1904) == shown
