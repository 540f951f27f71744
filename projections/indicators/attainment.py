"""Attainment: what each unit reached of each indicator of a year, and how it stands to the target.

Shares are exact: a percentage is rounded once, half up, where it is shown.
"""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Annotated, Any

from sqlalchemy import ColumnElement, Numeric, Text, and_, case, or_, select, true
from sqlalchemy.dialects.postgresql import JSONB

from domain.indicators.attainment import Outcome, attained
from domain.indicators.events import ActualRecorded, Direction, IndicatorsSet, Kind
from projections.days import valid
from projections.filters import Filters, Id, Word, Year, where
from projections.listing import Arguments, Beside, Item, Listing, ListItem, Shown
from projections.projection import Exact, Name, Version
from projections.records import revised
from projections.statement import Statement, counts, parts, statement, word

HUNDRED = 100


class IndicatorsRow(Version):
    """The indicators of a cohort and year, in groups."""

    unit_id: Name
    cohort: Name
    year: int
    groups: list[dict[str, Any]]


class ActualRow(Version):
    """What a unit reached of an indicator, as it was recorded last."""

    unit_id: Name
    cohort: Name
    year: int
    code: Name
    actual: Exact | None
    passed: bool | None
    recorded_by: Name | None
    set_by: Name


INDICATORS = revised(
    "indicators_set", IndicatorsRow, key=("unit_id", "cohort", "year"), event=IndicatorsSet
)
ACTUALS = revised(
    "actuals_of_indicators",
    ActualRow,
    key=("unit_id", "cohort", "year", "code"),
    event=ActualRecorded,
)
SET, TABLE = INDICATORS.table, ACTUALS.table
GROUP = parts(SET.c.groups, "of_group", title=Text, indicators=JSONB)
TARGET = parts(
    GROUP.c.indicators,
    "of_target",
    code=Text,
    title=Text,
    kind=Text,
    direction=Text,
    measure=Text,
    target=Numeric,
    baseline=Numeric,
)
ACTUAL, AIM = TABLE.c.actual, TARGET.c.target
OUTCOME: ColumnElement[Any] = case(
    (TARGET.c.kind == "pass_fail", case((TABLE.c.passed, word("met")), else_=word("not_met"))),
    (ACTUAL == AIM, word("met")),
    ((ACTUAL > AIM) == (TARGET.c.direction == "at_least"), word("exceeded")),
    else_=word("not_met"),
)


class AttainedIndicator(ListItem):
    """An indicator of a unit: its target, what was reached, and how the one stands to the other.

    `fraction` and `percent` are the actual of the target, where as much as possible is to be
    reached. `excess` is by how much the actual is better than the target, in the measure, or in
    percentage points where the measure is a percentage; `excess_percent` is the same as a share of
    the target. What is worse than the target has a minus. `change` is against the baseline.
    """

    unit_id: str
    cohort: Annotated[str, Shown(vi="Nhóm đối tượng")]
    year: int
    group: Annotated[str, Shown(GROUP.c.title, vi="Nhóm chỉ tiêu")]
    code: Annotated[str, Shown(TABLE.c.code, vi="Mã chỉ tiêu")]
    title: Annotated[str, Shown(TARGET.c.title, vi="Chỉ tiêu")]
    kind: Annotated[Kind, Shown(TARGET.c.kind, vi="Loại chỉ tiêu")]
    direction: Annotated[Direction, Shown(TARGET.c.direction, vi="Chiều so sánh")]
    measure: Annotated[str, Shown(TARGET.c.measure, vi="Đơn vị tính")]
    target: Annotated[str | None, Shown(AIM.cast(Text), vi="Chỉ tiêu giao")]
    baseline: Annotated[str | None, Shown(TARGET.c.baseline.cast(Text), vi="Số gốc")]
    actual: Annotated[str | None, Shown(ACTUAL.cast(Text), vi="Kết quả")]
    passed: Annotated[bool | None, Shown(vi="Đạt")]
    outcome: Annotated[Outcome, Shown(OUTCOME, vi="Kết quả so với chỉ tiêu")]
    recorded_on: Annotated[date, Shown(TABLE.c.valid_from, vi="Ngày ghi nhận kết quả")]
    recorded_by: Annotated[str | None, Shown(vi="Cơ quan ghi nhận")]
    fraction: Annotated[str | None, Shown(vi="Phân số", computed=True)]
    percent: Annotated[str | None, Shown(vi="Tỷ lệ đạt (%)", computed=True)]
    excess: Annotated[str | None, Shown(vi="Vượt", computed=True)]
    excess_percent: Annotated[str | None, Shown(vi="Vượt (%)", computed=True)]
    change: Annotated[str | None, Shown(vi="So với số gốc", computed=True)]


class AttainmentFilters(Filters):
    """Which indicators of which units."""

    cohort: Word | None = where(TABLE.c.cohort, "Only of this cohort.")
    year: Year | None = where(TABLE.c.year, "Only of this year.")
    unit: Id | None = where(TABLE.c.unit_id)
    code: Word | None = where(TABLE.c.code, "Only this indicator.")
    outcome: Outcome | None = where(OUTCOME, "Only what is met, exceeded or not met.")


class AttainmentCounts(ListItem):
    """How many indicators there are, and how they stand; what is exceeded is met too."""

    indicators: int
    met: int
    exceeded: int
    not_met: int


@lru_cache(maxsize=64)
def attainment_counts(filters: frozenset[str]) -> Statement:
    """One row of `AttainmentCounts`; arguments: ledger, as_of, each filter's."""
    rows = ATTAINMENT.rows(filters).subquery("rows")
    states = {
        "indicators": true(),
        "met": or_(rows.c.outcome == "met", rows.c.outcome == "exceeded"),
        "exceeded": rows.c.outcome == "exceeded",
        "not_met": rows.c.outcome == "not_met",
    }
    return statement(select(*counts(states)))


def with_shares(items: Sequence[Item], _: Arguments) -> list[Item]:
    """The items with the shares and differences, which are computed exactly."""
    return [{**item, **_shares(item)} for item in items]


def _shares(item: Item) -> Item:
    if item["target"] is None or item["actual"] is None:
        return dict.fromkeys(("fraction", "percent", "excess", "excess_percent", "change"))
    baseline = None if item["baseline"] is None else Decimal(item["baseline"])
    found = attained(item["direction"], Decimal(item["target"]), Decimal(item["actual"]), baseline)
    return {
        "fraction": None if found.share is None else str(found.share),
        "percent": _percent(found.share),
        "excess": _plain(found.excess),
        "excess_percent": _percent(found.relative_excess),
        "change": _plain(found.change),
    }


def _percent(share: Fraction | None) -> str | None:
    """The share in percent, to two decimals, halves away from zero."""
    if share is None:
        return None
    hundredths = (abs(share) * HUNDRED * HUNDRED * 2 + 1) // 2
    sign = "-" if share < 0 and hundredths else ""
    return f"{sign}{hundredths // HUNDRED}.{hundredths % HUNDRED:02}"


def _plain(number: Fraction | None) -> str | None:
    """The number, which has four decimals at most, as a decimal."""
    if number is None:
        return None
    return format((Decimal(number.numerator) / number.denominator).normalize(), "f")


ATTAINMENT = Listing(
    name="attainment",
    path="indicators/attainment",
    tag="reports",
    answers="What units reached of their indicators, exactly; how many are met and exceeded.",
    page="One page of indicators, by unit; the counts are of all pages together.",
    item=AttainedIndicator,
    filters=AttainmentFilters,
    projections=(INDICATORS, ACTUALS),
    table=TABLE,
    source=TABLE.join(
        SET,
        and_(
            SET.c.ledger == TABLE.c.ledger,
            SET.c.unit_id == TABLE.c.set_by,
            SET.c.cohort == TABLE.c.cohort,
            SET.c.year == TABLE.c.year,
            *valid(SET),
        ),
    )
    .join(GROUP, true())
    .join(TARGET, TARGET.c.code == TABLE.c.code),
    holds=valid(TABLE),
    order=("unit_id", "cohort", "year", "code"),
    beside=(Beside(name="counts", row=AttainmentCounts, statement=attainment_counts),),
    finish=with_shares,
)
