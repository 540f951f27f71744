"""Recommendations: what monitors recommended to which body; open, overdue and answered (D19)."""

from datetime import date
from typing import Annotated, Literal, TypeAlias

from sqlalchemy import Index, Text, case, literal

from domain.monitoring.events import RecommendationAnswered, RecommendationMade
from projections.commune_coverage.intervals import COMMUNE_COVERAGE
from projections.days import AS_OF, valid
from projections.filters import Id, where
from projections.listing import Listing, Shown
from projections.monitoring.span_lines import OfSpan, SpanFilters, SpanLine, beside_its_span
from projections.projection import IsoDay, Name, Version
from projections.records import settling


class RecommendationRow(Version, OfSpan):
    """A recommendation, until it is answered, and from then on."""

    number: int
    to_body: Name
    content: str
    answer_due_on: IsoDay | None
    made_on: IsoDay
    answered_on: IsoDay | None
    answer: str | None


RECOMMENDATIONS = settling(
    "recommendations",
    RecommendationRow,
    key=("unit_id", "number"),
    opened=RecommendationMade,
    opened_on="made_on",
    settled=RecommendationAnswered,
    settled_on="answered_on",
    answers=("answer",),
)
TABLE = RECOMMENDATIONS.table
Index("recommendations_day", TABLE.c.ledger, TABLE.c.made_on, TABLE.c.unit_id, TABLE.c.number)
LINES = beside_its_span(TABLE)
State: TypeAlias = Literal["open", "overdue", "answered"]
STATE = case(
    (LINES.c.answered_on.is_not(None), literal("answered", Text)),
    (LINES.c.answer_due_on < AS_OF, literal("overdue", Text)),
    else_=literal("open", Text),
)
DAYS_OPEN = case((LINES.c.answered_on.is_(None), AS_OF - LINES.c.made_on))


class Recommendation(SpanLine):
    """The monitor recommended something to a body; overdue once the day to answer has passed."""

    number: int
    state: Annotated[State, Shown(STATE)]
    made_on: Annotated[date, Shown(vi="Ngày kiến nghị")]
    to_body: Annotated[str, Shown(vi="Gửi tới cơ quan")]
    content: str
    answer_due_on: date | None
    days_open: Annotated[int | None, Shown(DAYS_OPEN)]
    answered_on: date | None
    answer: str | None
    position: int


class RecommendationFilters(SpanFilters):
    """Which recommendations."""

    to_body: Id | None = where(LINES.c.to_body, "Made to this body.")
    state: State | None = where(STATE)


MADE_RECOMMENDATIONS = Listing(
    name="recommendations",
    path="monitoring/recommendations",
    tag="monitoring",
    answers="What monitors recommended to which body: open, overdue and answered on a day.",
    page="One page of recommendations, the oldest first.",
    item=Recommendation,
    filters=RecommendationFilters,
    projections=(RECOMMENDATIONS, COMMUNE_COVERAGE),
    table=LINES,
    holds=valid(LINES),
    order=("made_on", "unit_id", "number"),
)
