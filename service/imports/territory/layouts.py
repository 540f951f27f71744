"""Layouts of a territory: the list of its units, and the table of what each becomes."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, TypeAlias

from domain.organisation.events import COMMUNE_KINDS, UnitKind
from service.imports.cell_parsers import Cell, Parser, boolean, choice, day, normalise, text
from service.imports.findings import Message, NotUnderstood
from service.imports.layout import Column, Layout
from service.imports.organisation import DOCUMENT, UNIT_WORDS

Extent: TypeAlias = Literal["whole", "part"]

COMMUNE_DIGITS, DISTRICT_DIGITS, PROVINCE_DIGITS = 5, 3, 2
COMMUNE_WORDS: Mapping[str, str] = {
    normalise(word): kind.value
    for kind in sorted(COMMUNE_KINDS)
    for word in (kind.value, *UNIT_WORDS[kind])
}
EXTENTS: Mapping[str, Extent] = {
    "nhap toan bo": "whole",
    "toan bo": "whole",
    "giu nguyen": "whole",
    "whole": "whole",
    "nhap mot phan": "part",
    "mot phan": "part",
    "part": "part",
}
# Columns that lists also have, and that are not used.
IGNORED = frozenset(
    {"stt", "tt", "so tt", "so thu tu", "no", "ghi chu", "note", "notes", "source", "nguon"}
)


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


def _kind(headings: tuple[str, ...], name: str, *, required: bool) -> Column:
    parse = choice(COMMUNE_WORDS, (UNIT_WORDS[kind][0] for kind in sorted(COMMUNE_KINDS)))
    return Column(name, headings, parse, required=required, param="kind")


UNIT_LIST = Layout(
    "unit_list",
    (
        Column(
            "unit_code",
            ("Mã xã", "Mã phường xã", "Mã đơn vị", "Mã"),
            code(COMMUNE_DIGITS),
            required=True,
            param="code",
        ),
        Column("unit_name", ("Tên xã", "Tên đơn vị", "Tên"), required=True, param="name"),
        _kind(("Loại", "Cấp", "Loại đơn vị"), "unit_type", required=True),
        Column("district_code", ("Mã huyện", "Mã quận huyện"), code(DISTRICT_DIGITS)),
        Column("district_name", ("Tên huyện", "Quận huyện", "Huyện")),
        Column(
            "province_code", ("Mã tỉnh", "Mã tỉnh thành phố"), code(PROVINCE_DIGITS), required=True
        ),
        Column("province_name", ("Tên tỉnh", "Tỉnh thành phố", "Tỉnh"), required=True),
        Column(
            "valid_asof",
            ("Có hiệu lực từ", "Ngày có hiệu lực", "Tính đến ngày", "Effective on"),
            day,
            required=True,
            param="effective_on",
        ),
        *DOCUMENT,
    ),
    IGNORED,
)
CONVERSION = Layout(
    "conversion",
    (
        Column("old_code", ("Mã xã cũ", "Mã cũ"), code(COMMUNE_DIGITS), required=True),
        Column("old_name", ("Tên xã cũ", "Tên cũ"), required=True),
        Column("old_district_code", ("Mã huyện cũ",), code(DISTRICT_DIGITS)),
        Column("old_district", ("Tên huyện cũ", "Huyện cũ")),
        Column("old_province_code", ("Mã tỉnh cũ",), code(PROVINCE_DIGITS), required=True),
        Column(
            "new_code", ("Mã xã mới", "Mã mới"), code(COMMUNE_DIGITS), required=True, param="code"
        ),
        Column("new_name", ("Tên xã mới", "Tên mới"), required=True, param="name"),
        Column("new_province_code", ("Mã tỉnh mới",), code(PROVINCE_DIGITS), required=True),
        Column(
            "merge_note",
            ("Cách sắp xếp", "Nhập", "Extent"),
            choice(EXTENTS, ("nhập toàn bộ", "nhập một phần", "giữ nguyên")),
        ),
        Column(
            "monitor_goes_on",
            ("Cán bộ theo dõi tiếp tục", "Giữ cán bộ theo dõi", "Monitor goes on"),
            boolean,
        ),
        Column(
            "effective_on",
            ("Có hiệu lực từ", "Ngày có hiệu lực", "Effective on"),
            day,
            required=True,
            param="effective_on",
        ),
        *DOCUMENT,
    ),
    IGNORED,
)


def kind_of(name: str) -> str | None:
    """The kind that the name of a commune-level unit begins with: `Phường Tân Hòa` is a ward."""
    words = normalise(name).split()
    return COMMUNE_WORDS.get(" ".join(words[:2])) or COMMUNE_WORDS.get(" ".join(words[:1]))


def vietnamese(kind: str) -> str:
    """The Vietnamese word for a kind of units."""
    return UNIT_WORDS[UnitKind(kind)][0]
