"""Layouts of a territory: the list of its units, and the table of what each becomes."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from domain.organisation.events import COMMUNE_KINDS
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
from service.imports.organisation import DOCUMENT, EFFECTIVE_ON, UNIT_WORDS
from service.imports.reading.words import normalise

COMMUNE_WORDS: Mapping[str, tuple[str, ...]] = {
    kind: UNIT_WORDS[kind] for kind in sorted(COMMUNE_KINDS)
}
COMMUNE_KIND_BY_WORD = by_word(COMMUNE_WORDS)
EXTENT_WORDS = {
    "whole": ("nhập toàn bộ", "toàn bộ", "giữ nguyên"),
    "part": ("nhập một phần", "một phần"),
}
EXTENTS = by_word(EXTENT_WORDS)
# Columns that lists also have, and that are not used.
TERRITORY_IGNORED = IGNORED | {"source", "nguon"}


def code(digits: int) -> Parser:
    """A parser of official codes; a spreadsheet that took one for a number dropped its zeros."""

    def parse(cell: Cell) -> str:
        written = f"{cell:f}" if isinstance(cell, Decimal) else text(cell).strip()
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
            required=True,
            path="code",
        ),
        Column("unit_name", ("Tên xã", "Tên đơn vị", "Tên"), required=True, path="name"),
        Column(
            "unit_type",
            ("Loại", "Cấp", "Loại đơn vị"),
            choice(COMMUNE_WORDS),
            required=True,
            path="kind",
        ),
        Column("district_code", ("Mã huyện", "Mã quận huyện"), DISTRICT_CODE),
        Column("district_name", ("Tên huyện", "Quận huyện", "Huyện")),
        Column("province_code", ("Mã tỉnh", "Mã tỉnh thành phố"), PROVINCE_CODE, required=True),
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
        Column("old_code", ("Mã xã cũ", "Mã cũ"), COMMUNE_CODE, required=True),
        Column("old_name", ("Tên xã cũ", "Tên cũ"), required=True),
        Column("old_district_code", ("Mã huyện cũ",), DISTRICT_CODE),
        Column("old_district", ("Tên huyện cũ", "Huyện cũ")),
        Column("old_province_code", ("Mã tỉnh cũ",), PROVINCE_CODE, required=True),
        Column("new_code", ("Mã xã mới", "Mã mới"), COMMUNE_CODE, required=True, path="code"),
        Column("new_name", ("Tên xã mới", "Tên mới"), required=True, path="name"),
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


def kind_of(name: str) -> str | None:
    """The kind that the name of a commune-level unit begins with: `Phường Tân Hòa` is a ward."""
    words = normalise(name).split()
    kinds = (COMMUNE_KIND_BY_WORD.get(" ".join(words[:length])) for length in (2, 1))
    return next(filter(None, kinds), None)


def vietnamese(kind: str) -> str:
    """The Vietnamese word for a kind of units."""
    return UNIT_WORDS[kind][0]
