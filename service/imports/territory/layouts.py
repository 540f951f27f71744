"""Layouts of a territory: the list of its units, and the table of what each becomes."""

import re
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import islice

from domain.organisation.events import COMMUNE_KINDS
from projections.search.vietnamese import words
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

COMMUNE_WORDS: Mapping[str, tuple[str, ...]] = {
    kind: UNIT_WORDS[kind] for kind in sorted(COMMUNE_KINDS)
}
KIND_BY_WORDS = {
    tuple(words(written)): kind for kind, own in COMMUNE_WORDS.items() for written in own
}
LONGEST_KIND_WORDS = max(map(len, KIND_BY_WORDS))
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
        Column("old_code", ("Mã xã cũ", "Mã cũ"), COMMUNE_CODE, required=True),
        Column("old_name", ("Tên xã cũ", "Tên cũ"), required=True),
        Column("old_district_code", ("Mã huyện cũ",), DISTRICT_CODE),
        Column("old_district", ("Tên huyện cũ", "Huyện cũ")),
        Column("old_province_code", ("Mã tỉnh cũ",), PROVINCE_CODE, required=True),
        Column("new_code", ("Mã xã mới", "Mã mới"), COMMUNE_CODE, required=True, path="code"),
        Column("new_name", ("Tên xã mới", "Tên mới"), required=True, path="name"),
        Column(
            "new_kind",
            ("Loại mới", "Cấp mới", "Loại đơn vị mới", "New kind"),
            choice(COMMUNE_WORDS),
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


def kind_of(name: str) -> str | None:
    """The kind that the name of a commune-level unit begins with: `Phường Tân Hòa` is a ward.

    It is a whole word with its tone: `Phương Thịnh` is none.
    """
    begun = tuple(islice(words(name), LONGEST_KIND_WORDS))
    kinds = (KIND_BY_WORDS.get(begun[:length]) for length in range(len(begun), 0, -1))
    return next(filter(None, kinds), None)


def named_with_kind(name: str, kind: str) -> str:
    """The name, with its kind before it."""
    return name if kind_of(name) else f"{vietnamese(kind).capitalize()} {name}"


def vietnamese(kind: str) -> str:
    """The Vietnamese word for a kind of units."""
    return UNIT_WORDS[kind][0]
