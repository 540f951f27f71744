"""Coverage filters: which communes, and which stretch of days, the reads of coverage take."""

from datetime import date
from typing import Annotated

from pydantic import Field

from domain.kernel import Invalid
from domain.values import Day
from projections.filters import (
    Id,
)
from service.http.reads.query import (
    OfDay,
    QueryParams,
)

FIRST_DAY = date(1900, 1, 1)


class PeriodUnusable(Invalid):
    """From {from_on} to {to_on} is no day: the first must not be after the last.

    Từ {from_on} đến {to_on} không có ngày nào: ngày đầu không được ở sau ngày cuối.
    """


class Places(QueryParams):
    """Which communes: of a district, of an agency."""

    district: Annotated[
        Id | None, Field(description="Communes of which it is the parent, on the day.")
    ] = None
    agency: Annotated[
        Id | None,
        Field(description="Communes of whose monitor, or in a gap last monitor, it is the agency."),
    ] = None


class OfPeriod(OfDay):
    """A stretch of days, both included."""

    from_on: Annotated[Day | None, Field(description="The first day.")] = None
    to_on: Annotated[Day | None, Field(description="The last day; `as_of` if left out.")] = None


def period(from_on: date, to_on: date) -> dict[str, object]:
    """The arguments of a statement about these days.

    Raises:
        PeriodUnusable: there is none.
    """
    if from_on > to_on:
        raise PeriodUnusable(from_on=from_on, to_on=to_on)
    return {"from_on": from_on, "to_on": to_on}
