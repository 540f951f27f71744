"""Coverage of a day: how many communes have a monitor, and how many each monitor has."""

from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from sqlalchemy import func, select

from projections.commune_coverage.communes import COMMUNES_BY_COVERAGE, PROJECTIONS
from projections.commune_coverage.intervals import TABLE
from projections.rounding import percent_of
from projections.statement import Statement, standing, statement

COMMUNES = TABLE.c


class CoverageBucket(NamedTuple):
    """Communes without a monitor, or the officials who monitor as many communes as each other.

    Attributes:
        covered: whether they are officials.
        communes: how many each monitors; of the gaps, how many there are.
        officials: how many such officials.
    """

    covered: bool
    communes: int
    officials: int


def share(covered: int, communes: int) -> str | None:
    """Covered of all in percent, as text with two decimals; None where there is no commune."""
    percent = percent_of(covered, communes)
    return None if percent is None else str(percent)


def coverage(found: Iterable[CoverageBucket]) -> dict[str, object]:
    """The figures of a day."""
    rows = list(found)
    monitors = [row for row in rows if row.covered]
    covered = sum(row.communes * row.officials for row in monitors)
    uncovered = sum(row.communes for row in rows if not row.covered)
    return {
        "communes": covered + uncovered,
        "covered": covered,
        "uncovered": uncovered,
        "share_percent": share(covered, covered + uncovered),
        "officials": sum(row.officials for row in monitors),
        "with_two_or_more": sum(row.officials for row in monitors if row.communes > 1),
        "by_number_of_communes": [
            {"communes": row.communes, "officials": row.officials} for row in monitors
        ],
    }


@lru_cache(maxsize=64)
def counted(filters: frozenset[str]) -> Statement:
    """Rows of `position` and of a `CoverageBucket`, none where there is no commune.

    Arguments: ledger, as_of, and each filter's.
    """
    each = (
        select(COMMUNES.official_id, func.count().label("communes"))
        .where(*COMMUNES_BY_COVERAGE.conditions(filters))
        .group_by(COMMUNES.official_id)
        .subquery("each")
    )
    covered = each.c.official_id.is_not(None).label("covered")
    return statement(
        select(
            standing(*(one.name for one in PROJECTIONS)).label("position"),
            covered,
            each.c.communes,
            func.count().label("officials"),
        )
        .group_by(covered, each.c.communes)
        .order_by(covered, each.c.communes)
    )
