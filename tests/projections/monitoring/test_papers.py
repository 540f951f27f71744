"""The papers of monitoring and cell attendance are on any day what a recount by hand gives."""

from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.cells.events import AttendantAssigned, AttendantReleased, MeetingAttended
from domain.kernel import Event
from domain.monitoring.events import (
    AnnualReportSubmitted,
    CommendationProposed,
    Measure,
    MonitorAssigned,
    MonitorReleased,
    MonitorReplaced,
    MonitorReviewed,
    ProgrammeSubmitted,
    VisitRecorded,
)
from projections.listing import page
from projections.monitoring.cell_attendance import ATTENDANCE
from projections.monitoring.figures import Recomputed, YearCounts, recomputed, year_counts
from projections.monitoring.owed_papers import KINDS, LISTS, PaperCounts, PaperKind, paper_counts
from projections.monitoring.visits import VISIT_COUNTS
from tests.projections.answers import EXAMPLES, batches, fetched, items
from tests.projections.conftest import Recorder
from tests.projections.monitored_lives import (
    COMMUNES,
    FIRST_DAY,
    LAST_DAY,
    REGULATED,
    cell_histories,
    days,
    histories,
)

ONE_DAY = timedelta(days=1)
GIVEN: dict[PaperKind, type[Event]] = {
    "programmes": ProgrammeSubmitted,
    "annual_reports": AnnualReportSubmitted,
    "reviews": MonitorReviewed,
}
years = st.sampled_from((2022, 2023))


class Span(NamedTuple):
    """An official monitors a commune, from a day until the day before another."""

    unit_id: str
    official_id: str
    since: date
    until: date


def spans(events: list[Event]) -> Iterator[Span]:
    """Every span, told by walking through what happened in each commune."""
    for commune in COMMUNES:
        official, since = "", date.min
        for event in events:
            match event:
                case MonitorAssigned(unit_id=unit_id) if unit_id == commune:
                    official, since = event.official_id, event.effective_on
                case MonitorReplaced(unit_id=unit_id) if unit_id == commune:
                    yield Span(commune, official, since, event.effective_on)
                    official, since = event.to_official, event.effective_on
                case MonitorReleased(unit_id=unit_id) if unit_id == commune:
                    yield Span(commune, official, since, event.effective_on)
                    official = ""
        if official:
            yield Span(commune, official, since, date.max)


def owed(kind: PaperKind, year: int) -> tuple[date, date]:
    """The day that says who owes the paper, and the last day in time."""
    if kind == "programmes":
        return date(year, 3, 31), date(year, 3, 31)
    if kind == "annual_reports":
        return date(year, 12, 15), date(year, 12, 15)
    return date(year, 12, 31), date(year + 1, 1, 15)


def papers(events: list[Event], kind: PaperKind, year: int, as_of: date) -> list[tuple[Any, ...]]:
    """Whose paper, since when; whether expected; its state, days late, and revision."""
    owed_on, due_on = owed(kind, year)
    found = []
    for span in spans(events):
        handed_in = [
            event.effective_on
            for event in events
            if isinstance(event, GIVEN[kind])
            and (event.unit_id, event.official_id, event.since, event.year)  # type: ignore[attr-defined]  # all three have them
            == (span.unit_id, span.official_id, span.since, year)
            and event.effective_on <= as_of
        ]
        expected = span.since <= min(as_of, owed_on) < span.until
        state, late = "awaited", None
        if handed_in:
            state = "in_time" if handed_in[0] <= due_on else "late"
            late = (handed_in[0] - due_on).days if state == "late" else None
        elif as_of > due_on:
            state, late = "missing", (as_of - due_on).days
        if expected or handed_in:
            row = (span.unit_id, span.official_id, span.since.isoformat(), expected)
            found.append((*row, state, late, len(handed_in) or None))
    return sorted(found)


@pytest.mark.parametrize("kind", ["programmes", "annual_reports", "reviews"])
@EXAMPLES
@given(events=histories, asked_about=st.tuples(days, years))
async def test_who_handed_in_what_in_time_late_or_not_at_all(
    recorder: Recorder, kind: PaperKind, events: list[Event], asked_about: tuple[date, int]
) -> None:
    ledger = await recorder.new_ledger()
    await recorder.record(ledger, events)
    await recorder.fold(ledger, 3)
    of, (as_of, year) = KINDS[kind], asked_about
    asked = {
        **of.arguments(year, as_of, REGULATED.of_communes(FIRST_DAY), REGULATED.days_off),
        "as_of": as_of,
    }
    names = ("unit_id", "official_id", "since_on", "expected", "state", "days_late", "revision")
    rows = await items(recorder, ledger, page(LISTS[kind]), **asked)
    by_hand = papers(events, kind, year, as_of)
    assert sorted(tuple(row[name] for name in names) for row in rows) == by_hand
    [counted] = await fetched(recorder, ledger, paper_counts(kind, frozenset()), **asked)
    states = Counter(state for _, _, _, expected, state, *_ in by_hand if expected)
    found = PaperCounts(**counted)
    assert found.expected == sum(states.values())
    assert found.unexpected == len(by_hand) - found.expected
    assert {name: getattr(found, name) for name in states} == states


@EXAMPLES
@given(events=histories, as_of=days, year=years, batch=batches)
async def test_the_figures_of_a_year_are_counted_from_what_happened(
    recorder: Recorder, events: list[Event], as_of: date, year: int, batch: int
) -> None:
    ledger = await recorder.new_ledger()
    await recorder.record(ledger, events)
    await recorder.fold(ledger, batch)
    last_day = min(as_of, date(year, 12, 31))
    asked = {"as_of": as_of, "year": year, "first_day": date(year, 1, 1), "last_day": last_day}
    [row] = await fetched(recorder, ledger, year_counts(), **asked)
    holding = [span for span in spans(events) if span.since <= last_day < span.until]
    by_then = [event for event in events if event.effective_on <= as_of]
    visits = [e for e in by_then if isinstance(e, VisitRecorded) and e.effective_on.year == year]
    proposals = [e for e in by_then if isinstance(e, CommendationProposed)]
    assert YearCounts(*list(row.values())[1:]) == YearCounts(
        communes=len(COMMUNES),
        covered=len(holding),
        monitors=len({span.official_id for span in holding}),
        visits=len(visits),
        reviews=sum(isinstance(e, MonitorReviewed) and e.year == year for e in by_then),
        officials_proposed=len({e.official_id for e in proposals if e.year == year}),
        done_in_time=0,
        done_late=0,
        open_in_time=0,
        open_overdue=0,
    )
    counts = page(VISIT_COUNTS, frozenset({"year"}), by="official")
    groups = await items(recorder, ledger, counts, as_of=as_of, year=year)
    assert {one["group"]: one["visits"] for one in groups} == Counter(v.official_id for v in visits)


@pytest.mark.parametrize(
    ("reported", "differs"),
    [("84.4", True), ("91.5", False), ("91.49", False), ("91.4", True), ("91", False)],
)
def test_a_reported_share_is_compared_at_its_own_precision(reported: str, *, differs: bool) -> None:
    """129 of 141 is 91.489… %: the source prints 84.4 % (requirements, figure 1)."""
    share = Recomputed(129, 141)
    assert share.value == "91.49"
    assert share.differs(Decimal(reported)) is differs


def test_the_four_states_of_the_government_office_add_up_and_its_share_is_told_apart() -> None:
    """Printed of 2017: 14,068 + 1,983 + 5,640 + 223 = 21,914 tasks, and 98.62 %."""
    counts = YearCounts(0, 0, 0, 0, 0, 0, 14_068, 1_983, 5_640, 223)
    assert recomputed(Measure.TASKS, counts).value == "21914"
    share = recomputed(Measure.TASKS_DONE_SHARE, counts)
    assert (share.numerator, share.denominator, share.value) == (16_051, 16_274, "98.63")
    assert share.differs(Decimal("98.62"))
    assert not share.differs(Decimal("98.63"))
    by_state = {
        Measure.TASKS_DONE_IN_TIME: "14068",
        Measure.TASKS_DONE_LATE: "1983",
        Measure.TASKS_OPEN_IN_TIME: "5640",
        Measure.TASKS_OPEN_OVERDUE: "223",
    }
    assert {of: recomputed(of, counts).value for of in by_state} == by_state


def test_a_share_of_nothing_agrees_with_no_report() -> None:
    assert Recomputed(0, 0).value is None
    assert Recomputed(0, 0).differs(Decimal(0))


def months_owed(since: date, until: date, as_of: date) -> Iterator[tuple[str, int]]:
    """Every month that is over and lies within, and how many meetings it asks for."""
    month = FIRST_DAY
    while month <= LAST_DAY:
        following = (month + timedelta(days=31)).replace(day=1)
        ended_on = following - ONE_DAY
        asked = [
            rule.meetings_per_month
            for rule in REGULATED.cell_attendance
            if rule.effective_on <= ended_on
        ]
        if since <= month and ended_on < min(until, as_of) and asked:
            yield month.strftime("%Y-%m"), asked[-1]
        month = following


@EXAMPLES
@given(events=cell_histories, as_of=days, batch=batches)
async def test_a_month_is_missing_where_the_attendant_came_too_seldom(
    recorder: Recorder, events: list[Event], as_of: date, batch: int
) -> None:
    ledger = await recorder.new_ledger()
    await recorder.record(ledger, events)
    await recorder.fold(ledger, batch)
    rows = await items(
        recorder,
        ledger,
        page(ATTENDANCE),
        as_of=as_of,
        adopted_on=[rule.effective_on for rule in REGULATED.cell_attendance],
        meetings_per_month=[rule.meetings_per_month for rule in REGULATED.cell_attendance],
    )
    came = Counter(
        (e.official_id, e.effective_on.strftime("%Y-%m"))
        for e in events
        if isinstance(e, MeetingAttended)
    )
    by_hand = {}
    for event in events:
        if isinstance(event, AttendantAssigned):
            who, since = event.official_id, event.effective_on
            until = min(
                (
                    e.effective_on
                    for e in events
                    if isinstance(e, AttendantReleased) and (e.official_id, e.since) == (who, since)
                ),
                default=date.max,
            )
            if since <= as_of < until:
                owed_months = list(months_owed(since, until, as_of))
                missing = [month for month, asked in owed_months if came[who, month] < asked]
                by_hand[who] = (len(owed_months), missing)
    assert {
        row["official_id"]: (row["months_owed"], row["missing_months"]) for row in rows
    } == by_hand
