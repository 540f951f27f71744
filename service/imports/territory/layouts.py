"""Layouts of a territory: the list of its units, and the table of what each becomes."""

import re
from dataclasses import replace
from decimal import Decimal

from service.imports.cell_parsers import (
    Cell,
    Parser,
    boolean,
    by_word,
    choice,
    day,
    text,
)
from service.imports.findings import Message, NotUnderstood
from service.imports.layout import IGNORED, Column, Layout
from service.imports.organisation import DOCUMENT, EFFECTIVE_ON

EXTENT_WORDS = {
    "whole": ("nhập toàn bộ", "toàn bộ", "giữ nguyên"),
    "part": ("nhập một phần", "một phần"),
}
EXTENTS = by_word(EXTENT_WORDS)
# Columns that lists also have, and that are not used.
TERRITORY_IGNORED = IGNORED | {"source", "nguon", "ten tieng anh", "english name"}


# As programs write a code that they took for a number: 4282.0.
WITH_DECIMALS = re.compile(r"(?<=[0-9])[.,]0+$")


def code(digits: int) -> Parser:
    """A parser of official codes.

    A spreadsheet that took one for a number dropped its zeros; another program added decimals.
    """

    def parse(cell: Cell) -> str:
        written = f"{cell:f}" if isinstance(cell, Decimal) else text(cell).strip()
        written = WITH_DECIMALS.sub("", written)
        if not (written.isascii() and written.isdigit() and len(written) <= digits):
            raise NotUnderstood(
                Message(f"“{written}” is not a code", f"“{written}” không phải mã đơn vị"),
                Message(
                    f"write the {digits} digits of the official list",
                    f"viết {digits} chữ số theo danh mục chính thức",
                ),
            )
        return written.zfill(digits)

    return parse


COMMUNE_CODE, DISTRICT_CODE, PROVINCE_CODE = code(5), code(3), code(2)
UNIT_LIST = Layout(
    "unit_list",
    (
        Column(
            "unit_code",
            ("Mã xã", "Mã phường xã", "Mã đơn vị", "Mã"),
            COMMUNE_CODE,
            path="code",
        ),
        Column("unit_name", ("Tên xã", "Tên đơn vị", "Tên"), path="name"),
        Column("unit_type", ("Loại", "Cấp", "Loại đơn vị"), path="kind"),
        Column("district_code", ("Mã huyện", "Mã quận huyện", "Mã QH"), DISTRICT_CODE),
        Column("district_name", ("Tên huyện", "Quận huyện", "Huyện")),
        Column(
            "province_code", ("Mã tỉnh", "Mã tỉnh thành phố", "Mã TP"), PROVINCE_CODE, required=True
        ),
        Column("province_name", ("Tên tỉnh", "Tỉnh thành phố", "Tỉnh"), required=True),
        Column(
            "valid_asof",
            ("Có hiệu lực từ", "Ngày có hiệu lực", "Tính đến ngày", "Effective on"),
            day,
            required=True,
            path="effective_on",
        ),
        *DOCUMENT,
    ),
    TERRITORY_IGNORED,
    day="valid_asof",
)
CONVERSION = Layout(
    "conversion",
    (
        Column("old_code", ("Mã xã cũ", "Mã cũ"), COMMUNE_CODE),
        Column("old_name", ("Tên xã cũ", "Tên cũ")),
        Column("old_district_code", ("Mã huyện cũ",), DISTRICT_CODE),
        Column("old_district", ("Tên huyện cũ", "Huyện cũ")),
        Column("old_province_code", ("Mã tỉnh cũ",), PROVINCE_CODE, required=True),
        Column("new_code", ("Mã xã mới", "Mã mới"), COMMUNE_CODE, required=True, path="code"),
        Column("new_name", ("Tên xã mới", "Tên mới"), required=True, path="name"),
        Column(
            "new_kind",
            ("Loại mới", "Cấp mới", "Loại đơn vị mới", "New kind"),
            path="kind",
        ),
        Column("new_province_code", ("Mã tỉnh mới",), PROVINCE_CODE, required=True),
        Column(
            "merge_note",
            ("Cách sắp xếp", "Nhập", "Extent"),
            choice(EXTENT_WORDS, ("nhập toàn bộ", "nhập một phần", "giữ nguyên")),
        ),
        Column(
            "monitor_goes_on",
            ("Cán bộ theo dõi tiếp tục", "Giữ cán bộ theo dõi", "Monitor goes on"),
            boolean,
        ),
        replace(EFFECTIVE_ON, required=True),
        *DOCUMENT,
    ),
    TERRITORY_IGNORED,
    day="effective_on",
)
