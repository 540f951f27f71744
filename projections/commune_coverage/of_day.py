"""Coverage of a day: how many communes have a monitor, which, whose, and who monitors several.

Names, codes and districts are those of the day; the district is the commune's parent.
"""

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from sqlalchemy import (
    Boolean,
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from projections.commune_coverage.intervals import COMMUNE_COVERAGE, TABLE
from projections.days import AS_OF, valid
from projections.organisation.units import TABLE as UNITS_TABLE
from projections.organisation.units import UNITS
from projections.rounding import percent_of
from projections.statement import LEDGER, Statement, paged, standing, statement

COMMUNES = TABLE.c
PROJECTIONS = (COMMUNE_COVERAGE, UNITS)
NAMES = [one.name for one in PROJECTIONS]
UNIT, DISTRICT = UNITS_TABLE.alias("unit"), UNITS_TABLE.alias("district")

IN_DISTRICT = COMMUNES.unit_id.in_(
    select(UNITS_TABLE.c.unit_id).where(
        UNITS_TABLE.c.ledger == LEDGER,
        *valid(UNITS_TABLE),
        UNITS_TABLE.c.parent_id == bindparam("district", type_=Text),
    )
)
FILTERS: Mapping[str, ColumnElement[bool]] = {
    "district": IN_DISTRICT,
    "agency": COMMUNES.agency_id == bindparam("agency", type_=Text),
    "official": COMMUNES.official_id == bindparam("official", type_=Text),
    "covered": COMMUNES.official_id.is_not(None) == bindparam("covered", type_=Boolean),
}
# As the reader has them in an item, and the order in which they stand there.
COMMUNE: Mapping[str, ColumnElement[Any]] = {
    "unit_id": COMMUNES.unit_id,
    "name": UNIT.c.name,
    "kind": UNIT.c.kind,
    "code": UNIT.c.code,
    "district_id": UNIT.c.parent_id,
    "district_name": DISTRICT.c.name,
    "covered": COMMUNES.official_id.is_not(None),
    "official_id": COMMUNES.official_id,
    "post_id": COMMUNES.post_id,
    "agency_id": COMMUNES.agency_id,
    "since_on": COMMUNES.valid_from,
    "exception": COMMUNES.exception,
    "cause": COMMUNES.cause,
    "last_official": COMMUNES.last_official,
    "position": COMMUNES.position,
}
OFFICIAL = ("official_id", "number_of_communes", "communes")


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
    """Rows of `position` and of an `Alike`, none where there is no commune.

    Arguments: ledger, as_of, and each filter's.
    """
    each = (
        _standing(filters, COMMUNES.official_id, func.count().label("communes"))
        .group_by(COMMUNES.official_id)
        .subquery("each")
    )
    covered = each.c.official_id.is_not(None).label("covered")
    return statement(
        select(
            standing(*NAMES).label("position"),
            covered,
            each.c.communes,
            func.count().label("officials"),
        )
        .group_by(covered, each.c.communes)
        .order_by(covered, each.c.communes)
    )


@lru_cache(maxsize=64)
def communes(filters: frozenset[str], *, continued: bool) -> Statement:
    """One page of communes by id; arguments: ledger, as_of, limit, each filter's and `after_0`."""
    query = _standing(filters, *(made.label(name) for name, made in COMMUNE.items()))
    query = with_names(query, AS_OF).order_by(COMMUNES.unit_id)
    if continued:
        query = query.where(COMMUNES.unit_id > bindparam("after_0", type_=Text))
    return paged(query, tuple(COMMUNE), NAMES)


@lru_cache(maxsize=64)
def officials(filters: frozenset[str], *, continued: bool) -> Statement:
    """One page of officials by id, each with the communes monitored on the day.

    Arguments: ledger, as_of, limit, `at_least`, each filter's, and `after_0`.
    """
    each = func.json_build_object(
        "unit_id", COMMUNES.unit_id,
        "name", UNIT.c.name,
        "agency_id", COMMUNES.agency_id,
        "since_on", COMMUNES.valid_from,
        "exception", COMMUNES.exception,
    )  # fmt: skip
    query = (
        with_names(
            _standing(
                filters,
                COMMUNES.official_id,
                func.count().label("number_of_communes"),
                func.json_agg(aggregate_order_by(each, COMMUNES.unit_id)).label("communes"),
            ).where(COMMUNES.official_id.is_not(None)),
            AS_OF,
        )
        .group_by(COMMUNES.official_id)
        .having(func.count() >= bindparam("at_least", type_=Integer))
        .order_by(COMMUNES.official_id)
    )
    if continued:
        query = query.where(COMMUNES.official_id > bindparam("after_0", type_=Text))
    return paged(query, OFFICIAL, NAMES)


def with_names(query: Select[Any], on: ColumnElement[Any]) -> Select[Any]:
    """Beside each commune, itself and its district as units of that day, `UNIT` and `DISTRICT`."""
    source: FromClause = TABLE
    for unit, unit_id in ((UNIT, COMMUNES.unit_id), (DISTRICT, UNIT.c.parent_id)):
        same = and_(
            unit.c.ledger == LEDGER,
            unit.c.unit_id == unit_id,
            unit.c.valid_from <= on,
            unit.c.valid_to > on,
        )
        source = source.join(unit, same, isouter=True)
    return query.select_from(source)


def _standing(filters: frozenset[str], *columns: ColumnElement[Any]) -> Select[Any]:
    return select(*columns).where(
        COMMUNES.ledger == LEDGER, *valid(TABLE), *(FILTERS[name] for name in sorted(filters))
    )
