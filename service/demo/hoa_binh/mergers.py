"""Mergers: what became of Hoà Bình's 151 communes on 1 July 2025, in the new province Phú Thọ.

The source is the statistics office's conversion table of that day. A star marks a commune of which
only a part went there. Where that table spells an old name otherwise than the list of 2023 (Mỵ Hòa
for Mi Hòa, Xăm Khòe for Săm Khóe), the list's spelling is used.
"""

from pathlib import Path
from typing import NamedTuple

from service.demo.files import rows_of

EFFECTIVE_ON = "2025-07-01"
PROVINCE_CODE, PROVINCE_NAME = "25", "Tỉnh Phú Thọ"


class Successor(NamedTuple):
    """A new commune or ward, and the codes of those that went into it, whole or in part."""

    code: str
    name: str
    whole: tuple[str, ...]
    part: tuple[str, ...]


def _successor(code: str, name: str, predecessors: str) -> Successor:
    codes = predecessors.split()
    whole = tuple(code for code in codes if not code.endswith("*"))
    part = tuple(code.removesuffix("*") for code in codes if code.endswith("*"))
    return Successor(code, name, whole, part)


SUCCESSORS = tuple(_successor(**row) for row in rows_of(Path(__file__).with_name("successors.csv")))
