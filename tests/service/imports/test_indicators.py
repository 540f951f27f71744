"""Numbers with measures: no expression lets a number give digits to what it counts."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.imports.findings import NotUnderstood
from service.imports.tasks import indicators, roadmap


@pytest.mark.parametrize(
    ("written", "target", "measure"),
    [
        ("Lò đã dỡ: 98 lò", "98", "lò"),
        ("Lò đã dỡ: 98lò", "98", "lò"),
        ("Lò đã dỡ: 2.098 lò", "2098", "lò"),
        ("Tỷ lệ giải ngân: 90%", "90", "%"),
        ("Tỷ lệ giải ngân: 90,3 %", "90.3", "%"),
        ("Diện tích: 1.500 m2", "1500", "m2"),
        ("Vốn: 1,5 tỷ đồng", "1.5", "tỷ đồng"),
        ("Hộ: 1.234 hộ", "1234", "hộ"),
        ("Vốn: 1.234,567 tỷ đồng", "1234.567", "tỷ đồng"),
        ("Tỷ lệ: 0,125 %", "0.125", "%"),
        ("Nước: 12 m3/ngày", "12", "m3/ngày"),
        ("Tăng: -3 %", "-3", "%"),
        ("Họp lúc 7:30: 5 lần", "5", "lần"),
        ("Chỉ tiêu 2021: 98 lò", "98", "lò"),
    ],
)
def test_a_number_and_what_it_counts(written: str, target: str, measure: str) -> None:
    [found] = indicators(written)
    assert (found["target"], found["measure"]) == (Decimal(target), measure)


@pytest.mark.parametrize(
    "written",
    [
        "Lò đã dỡ: 98",
        "Số hộ vận động: 1500",
        "Xã đạt chuẩn: 5/10 xã",
        "Xã đạt chuẩn: 5 / 10 xã",
        "Số cuộc họp: 3-4 cuộc",
        "Số cuộc họp: 3 – 4 cuộc",
        "Số cuộc họp: 3 đến 4 cuộc",
        "Số cuộc họp: 3 hoặc 4 cuộc",
        "Xã đạt chuẩn: 5 trên 10 xã",
        "Xong: 30/06/2021",
        "Xong: 30 tháng 6 năm 2021",
        "Hộ: 12 000 hộ",
        "Lò: 1,234 lò",
        "Hộ: 12,000 hộ",
        "Hộ: 12\u00a0000 hộ",
        "Hộ: 12.000.00 hộ",
        "Hộ: 12. hộ",
        "Lò: 98 lò và 5 xã",
        "Lò: 98 ~ 100 lò",
        "Lò: 1e3 2 lò",
        "Giờ: 7:30",
        "Lò: 98;",
        "Lò: 1e3 lò",
        "Lò: 1E+3 lò",
        "Lò: 98 lò Hộ: 5 hộ",
    ],
)
def test_what_is_no_single_number_of_one_measure_is_told(written: str) -> None:
    with pytest.raises(NotUnderstood) as told:
        indicators(written)
    assert written.rstrip(";").split(":")[0] in told.value.what.vi or "số" in told.value.what.vi


@given(st.integers(0, 10**12), st.sampled_from(["", " "]), st.sampled_from(["lò", "%", "xã", "m2"]))
def test_the_number_keeps_all_its_digits(number: int, blank: str, measure: str) -> None:
    [found] = indicators(f"Lò: {number}{blank}{measure}")
    assert (found["target"], found["measure"]) == (Decimal(number), measure)
    with pytest.raises(NotUnderstood):
        indicators(f"Lò: {number}{blank}")


def test_two_steps_that_nothing_sets_apart_are_not_one() -> None:
    for between in (" ", ", ", " - "):
        with pytest.raises(NotUnderstood):
            roadmap(f"Vận động: 30/06/2021{between}Tháo dỡ: 31/12/2021")
    [one] = roadmap("Họp lúc 7:30: 31/12/2021")
    assert one["title"] == "Họp lúc 7:30"
