"""Uncovered days: on how many days of a period communes had a monitor, and on how many none.

Each commune counts one for each of its days.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field
from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    Text,
    and_,
    bindparam,
    cast,
    func,
    literal,
    select,
)

from domain.values import Day
from projections.commune_coverage.communes import PROJECTIONS, Places
from projections.commune_coverage.gaps import AFTER_TO_ON, PeriodUnusable, period
from projections.commune_coverage.intervals import TABLE
from projections.commune_coverage.of_day import share
from projections.days import FROM_ON, TO_ON
from projections.listing import Arguments, Item, Listing, ListItem, Shown
from projections.organisation.units import TABLE as UNITS_TABLE
from projections.statement import LEDGER

COMMUNES = TABLE.c


class OfPeriod(Places):
    """A stretch of days, both included, and which communes."""

    from_on: Annotated[
        Day | None, Field(description="The first day; 1 January of the last if left out.")
    ] = None
    to_on: Annotated[Day | None, Field(description="The last day; `as_of` if left out.")] = None

    def days(self, as_of: date) -> tuple[date, date]:
        """The first and the last."""
        last = self.to_on or as_of
        return self.from_on or date(last.year, 1, 1), last


class DayFilters(OfPeriod):
    """Which days, of which communes, and by what they are counted."""

    group_by: Annotated[
        Literal["total", "agency", "district", "commune"],
        Field(
            description="In a gap the agency is that of the last monitor; the group `-` is of "
            "communes without one, or without a district."
        ),
    ] = "total"


class CommuneDays(ListItem):
    """Each commune counts one for each of its days.

    `share_percent` is of `monitored_days` in `commune_days`, rounded as everywhere.
    """

    group: str
    commune_days: Annotated[int, Shown(vi="Tổng số ngày tính theo xã", total=True)]
    monitored_days: Annotated[int, Shown(vi="Số ngày có người theo dõi, tính theo xã", total=True)]
    uncovered_days: Annotated[
        int, Shown(vi="Số ngày không có người theo dõi, tính theo xã", total=True)
    ]
    share_percent: str | None


def stretches(filters: frozenset[str], *, with_district: bool = False) -> Select[Any]:
    """The rows that touch the days from FROM_ON to TO_ON, as `valid_from` and `valid_to` are.

    Where the district counts, a row is cut where the commune changed its district.
    """
    since: ColumnElement[Any] = COMMUNES.valid_from
    until: ColumnElement[Any] = COMMUNES.valid_to
    conditions = [COMMUNES.ledger == LEDGER]
    source: FromClause = TABLE
    district: ColumnElement[Any] = literal(None, Text)
    if with_district or "district" in filters:
        unit = UNITS_TABLE.c
        same = and_(unit.ledger == LEDGER, unit.unit_id == COMMUNES.unit_id)
        source = source.join(UNITS_TABLE, same)
        since = func.greatest(since, unit.valid_from)
        until = func.least(until, unit.valid_to)
        district = unit.parent_id
    if "district" in filters:
        conditions.append(district == bindparam("district", type_=Text))
    if "agency" in filters:
        conditions.append(COMMUNES.agency_id == bindparam("agency", type_=Text))
    return (
        select(
            COMMUNES.unit_id,
            COMMUNES.official_id,
            COMMUNES.agency_id,
            district.label("district_id"),
            since.label("since"),
            until.label("until"),
        )
        .select_from(source)
        .where(*conditions, since < until, since <= TO_ON, until > FROM_ON)
    )


def commune_days(group_by: str, filters: frozenset[str]) -> Select[Any]:
    """Rows of `group`, `commune_days` and `monitored_days`."""
    row = stretches(filters, with_district=group_by == "district").subquery("stretch").c
    groups: Mapping[str, ColumnElement[Any]] = {
        "total": literal("all"),
        "agency": func.coalesce(row.agency_id, "-"),
        "district": func.coalesce(row.district_id, "-"),
        "commune": row.unit_id,
    }
    days = func.least(row.until, AFTER_TO_ON) - func.greatest(row.since, FROM_ON)
    part = select(
        cast(groups[group_by], Text).collate("C").label("group"),
        days.label("days"),
        row.official_id,
    ).subquery("part")
    monitored = func.sum(part.c.days).filter(part.c.official_id.is_not(None))
    return select(
        part.c.group,
        func.sum(part.c.days).label("commune_days"),
        func.coalesce(monitored, literal(0, Integer)).label("monitored_days"),
    ).group_by(part.c.group)


def with_the_others(items: Sequence[Item], _: Arguments) -> list[Item]:
    """The groups with their days without a monitor, and the share of the others."""
    return [
        {
            **item,
            "uncovered_days": item["commune_days"] - item["monitored_days"],
            "share_percent": share(item["monitored_days"], item["commune_days"]),
        }
        for item in items
    ]


def _days(params: DayFilters, as_of: date, _: object) -> Arguments:
    return period(*params.days(as_of))


UNCOVERED_DAYS = Listing(
    name="uncovered-days",
    path="commune-coverage/uncovered-days",
    operation="read_uncovered_days",
    tag="monitoring",
    answers="On how many days of how many communes somebody monitored them, and on how many "
    "nobody did.",
    page="One page of groups, in the order of their names.",
    item=CommuneDays,
    filters=DayFilters,
    projections=PROJECTIONS,
    table=TABLE,
    order=("group",),
    groups=commune_days,
    arguments=_days,
    finish=with_the_others,
    refusals=(PeriodUnusable,),
)
