"""Columns of the two files of a territory: the list of its units, and what became of them."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Literal, TypeAlias

from domain.organisation.events import COMMUNE_KINDS, UnitKind
from service.imports.cell_parsers import Cell, Reader, choice, day, fold, text, truth
from service.imports.findings import NotUnderstood, Words
from service.imports.layout import Column, Layout
from service.imports.organisation import DOCUMENT, UNIT_WORDS

Extent: TypeAlias = Literal["whole", "part"]

COMMUNE_DIGITS, DISTRICT_DIGITS, PROVINCE_DIGITS = 5, 3, 2
COMMUNE_WORDS: Mapping[str, str] = {
    fold(word): kind.value
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
# What lists tell beside, and is not used.
FURTHER = frozenset(
    {"stt", "tt", "so tt", "so thu tu", "no", "ghi chu", "note", "notes", "source", "nguon"}
)


def code(digits: int) -> Reader:
    """Reads an official code; a spreadsheet that took it for a number dropped its zeros."""

    def read(cell: Cell) -> str:
        said = f"{cell:f}" if isinstance(cell, Decimal) else text(cell).strip()
        if not (said.isascii() and said.isdigit() and len(said) <= digits):
            raise NotUnderstood(
                Words(f"“{said}” is not a code", f"“{said}” không phải mã đơn vị"),
                Words(
                    f"write the {digits} digits of the official list",
                    f"viết {digits} chữ số theo danh mục chính thức",
                ),
            )
        return said.zfill(digits)

    return read


def _kind(headings: tuple[str, ...], name: str, *, required: bool) -> Column:
    known = choice(COMMUNE_WORDS, (UNIT_WORDS[kind][0] for kind in sorted(COMMUNE_KINDS)))
    return Column(name, headings, known, required=required, place="kind")


UNIT_LIST = Layout(
    "unit_list",
    (
        Column(
            "unit_code",
            ("Mã xã", "Mã phường xã", "Mã đơn vị", "Mã"),
            code(COMMUNE_DIGITS),
            required=True,
            place="code",
        ),
        Column("unit_name", ("Tên xã", "Tên đơn vị", "Tên"), required=True, place="name"),
        _kind(("Loại", "Cấp", "Loại đơn vị"), "unit_type", required=True),
        Column("district_code", ("Mã huyện", "Mã quận huyện"), code(DISTRICT_DIGITS)),
        Column("district_name", ("Tên huyện", "Quận huyện", "Huyện")),
        Column(
            "province_code",
            ("Mã tỉnh", "Mã tỉnh thành phố"),
            code(PROVINCE_DIGITS),
            required=True,
        ),
        Column("province_name", ("Tên tỉnh", "Tỉnh thành phố", "Tỉnh"), required=True),
        Column(
            "valid_asof",
            ("Có hiệu lực từ", "Ngày có hiệu lực", "Tính đến ngày", "Effective on"),
            day,
            required=True,
            place="effective_on",
        ),
        *DOCUMENT,
    ),
    FURTHER,
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
            "new_code", ("Mã xã mới", "Mã mới"), code(COMMUNE_DIGITS), required=True, place="code"
        ),
        Column("new_name", ("Tên xã mới", "Tên mới"), required=True, place="name"),
        Column("new_province_code", ("Mã tỉnh mới",), code(PROVINCE_DIGITS), required=True),
        Column(
            "merge_note",
            ("Cách sắp xếp", "Nhập", "Extent"),
            choice(EXTENTS, ("nhập toàn bộ", "nhập một phần", "giữ nguyên")),
        ),
        Column(
            "monitor_goes_on",
            ("Cán bộ theo dõi tiếp tục", "Giữ cán bộ theo dõi", "Monitor goes on"),
            truth,
        ),
        Column(
            "effective_on",
            ("Có hiệu lực từ", "Ngày có hiệu lực", "Effective on"),
            day,
            required=True,
            place="effective_on",
        ),
        *DOCUMENT,
    ),
    FURTHER,
)


def kind_of(name: str) -> str | None:
    """The kind that the name of a commune-level unit begins with: `Phường Tân Hòa` is a ward."""
    words = fold(name).split()
    return COMMUNE_WORDS.get(" ".join(words[:2])) or COMMUNE_WORDS.get(" ".join(words[:1]))


def in_words(kind: str) -> str:
    """A kind of units as a Vietnamese sentence has it."""
    return UNIT_WORDS[UnitKind(kind)][0]
