"""Replacement requests: which communes asked for another monitor, and what they were told (D15)."""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from sqlalchemy import Index, Text, case, literal

from domain.monitoring.events import ReplacementAnswered, ReplacementRequested
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.days import AS_OF, valid
from projections.filters import where
from projections.listing import Listing, Shown
from projections.monitoring.span_lines import OfSpan, SpanFilters, SpanLine, beside_its_span
from projections.projection import IsoDay, Name, Version
from projections.records import settling


class RequestRow(Version, OfSpan):
    """A request, until it is answered, and from then on."""

    number: int
    requested_by: Name
    reason: str
    requested_on: IsoDay
    answered_on: IsoDay | None
    answered_by: Name | None
    granted: bool | None
    answer: str | None


REPLACEMENT_REQUESTS = settling(
    "replacement_requests",
    RequestRow,
    key=("unit_id", "number"),
    opened=ReplacementRequested,
    opened_on="requested_on",
    settled=ReplacementAnswered,
    settled_on="answered_on",
    answers=("answered_by", "granted", "answer"),
)
TABLE = REPLACEMENT_REQUESTS.table
Index(
    "replacement_requests_day",
    TABLE.c.ledger,
    TABLE.c.requested_on,
    TABLE.c.unit_id,
    TABLE.c.number,
)
LINES = beside_its_span(TABLE)
State: TypeAlias = Literal["open", "granted", "refused"]
STATE = case(
    (LINES.c.granted.is_(None), literal("open", Text)),
    (LINES.c.granted, literal("granted", Text)),
    else_=literal("refused", Text),
)
DAYS_OPEN = case((LINES.c.granted.is_(None), AS_OF - LINES.c.requested_on))


class ReplacementRequest(SpanLine):
    """A commune asked for another monitor; `days_open` while nobody has answered."""

    number: int
    state: Annotated[State, Shown(STATE)]
    requested_on: Annotated[date, Shown(vi="Ngày đề nghị thay")]
    requested_by: Annotated[str, Shown(vi="Cơ quan đề nghị thay")]
    reason: str
    days_open: Annotated[int | None, Shown(DAYS_OPEN)]
    answered_on: date | None
    answered_by: Annotated[str | None, Shown(vi="Cơ quan trả lời")]
    answer: str | None
    position: int


class ReplacementRequestFilters(SpanFilters):
    """Which requests."""

    state: State | None = where(STATE)


REQUESTS_MADE = Listing(
    name="replacement-requests",
    path="monitoring/replacement-requests",
    tag="monitoring",
    answers="Which communes asked for another monitor, why, and what they were told by a day.",
    page="One page of requests, the oldest first.",
    item=ReplacementRequest,
    filters=ReplacementRequestFilters,
    projections=(REPLACEMENT_REQUESTS, COMMUNE_COVERAGE),
    table=LINES,
    holds=valid(LINES),
    order=("requested_on", "unit_id", "number"),
)
