"""Random lives of communes: whatever is tried, in whatever order, each has one monitor or a gap."""

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from functools import partial
from itertools import pairwise
from typing import Any

from eventsourcing.dcb.domain import Selector
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from domain.kernel import Command, Context, Event, Refusal, matches
from domain.monitoring.events import (
    PAPERS,
    AllocationWithdrawn,
    CommuneAllocated,
    GoodPracticeRecorded,
    RecommendationMade,
    SpanEvent,
    VisitRecorded,
)
from domain.monitoring.monitoring import (
    Monitoring,
    Span,
    monitoring_by_official,
    monitors_of_commune,
)
from domain.monitoring.monitors.allocation import AllocateCommune, SetQuota, WithdrawAllocation
from domain.monitoring.monitors.assignment import AssignMonitor
from domain.monitoring.monitors.release import ReleaseMonitor
from domain.monitoring.monitors.replacement import ReplaceMonitor
from domain.monitoring.papers.agency_assessment import AssessAgency
from domain.monitoring.papers.annual_report import SubmitAnnualReport
from domain.monitoring.papers.commendation import DecideCommendation, ProposeCommendation
from domain.monitoring.papers.good_practice import RecordGoodPractice
from domain.monitoring.papers.programme import SubmitProgramme
from domain.monitoring.papers.recommendation import AnswerRecommendation, MakeRecommendation
from domain.monitoring.papers.replacement_request import (
    AnswerReplacementRequest,
    RequestReplacement,
)
from domain.monitoring.papers.review import ReviewMonitor
from domain.monitoring.papers.visits import RecordVisit
from domain.organisation.events import UnitKind
from domain.organisation.tenures import Appoint
from domain.organisation.units import EstablishUnit
from domain.record.contradictions import ContradictsLater, contradictions
from domain.succession.closing import CloseUnit
from domain.succession.division import SplitUnit
from domain.succession.leaver import EndTenure
from domain.succession.merger import MergeUnits
from domain.succession.portfolio import HandOverPortfolio
from domain.timeline import timeline
from tests.domain.cast import COMMITTEE, holds, unit
from tests.domain.monitoring.people import (
    BEGUN,
    CLERKSHIP,
    COMMUNES,
    CULTURE,
    DEPUTY,
    DIRECTOR,
    FINANCE,
    HOA,
    LAN,
    MINH,
    NOTE,
    OTHER_BODY,
    OVERLOAD,
    PROVINCE,
    QUANG,
    REGULATION,
    TREASURER,
    WHY,
    regulation,
)
from tests.domain.monitoring.recount import Days, by_day, communes, monitored, tenures
from tests.domain.record.naive import breaches_of_history
from tests.domain.scenario import DECISION, OFFICE, decide

OFFICIALS = (LAN, MINH, HOA, QUANG)
MORE, NEW = ("xa-tu-do", "xa-vu-binh"), ("xa-moi", "xa-khac")
# Mostly few communes, so that much happens in each.
UNITS = st.sampled_from([*COMMUNES * 3, *MORE, *NEW])
WHO = st.sampled_from(OFFICIALS)
HELD = {LAN: DIRECTOR, MINH: DEPUTY, HOA: TREASURER, QUANG: DEPUTY}
# Mostly a post that the official holds from the beginning, so that what is tried is often allowed.
MONITORS = WHO.flatmap(
    lambda who: st.tuples(
        st.just(who), st.sampled_from([HELD[who]] * 9 + [DIRECTOR, DEPUTY, TREASURER, CLERKSHIP])
    )
)
AGENCIES = st.sampled_from([CULTURE, CULTURE, FINANCE])
REASONS = st.sampled_from([None, None, OVERLOAD])
BODIES = st.sampled_from([COMMITTEE] * 9 + [OTHER_BODY])
# Mostly today, sometimes what is recorded late, or ahead of its day.
DAYS_AGO = st.sampled_from([0] * 6 + [1, 3, 15, 40, 90, 200, -10, -60])
COMMUNE = {"name": "Xã mới", "kind": "commune"}


class Lives(RuleBasedStateMachine):
    """Seven communes, two agencies, four officials; days pass, and anything is tried."""

    def __init__(self) -> None:
        super().__init__()
        self.history: list[Event] = [
            *PROVINCE,
            *(unit(unit_id, UnitKind.COMMUNE) for unit_id in MORE),
            holds(QUANG, DEPUTY, CULTURE),
        ]
        self.today = BEGUN
        self.limit = 1

    def attempt(
        self, command: type[Command[Any]], ids: Sequence[str], body: str, ago: int, **params: Any
    ) -> None:
        parameters = command.PARAMETERS.model_validate(params)
        on = self.today - timedelta(ago if command.AHEAD else max(ago, 0))
        context = Context(OFFICE, self.today, on, body, DECISION)
        build: Any = command
        before = list(self.history)
        try:
            self.history += decide(self.history, partial(build, context, parameters, *ids))
        except Refusal as refusal:
            declared = {*command.REFUSALS, ContradictsLater}
            assert type(refusal) in declared  # noqa: PT017  a declared refusal is fine
            assert self.history == before
        else:
            self.today += timedelta(1)

    @initialize(limit=st.integers(1, 2), monitors=st.integers(1, 3))
    def a_regulation_is_in_force(self, limit: int, monitors: int) -> None:
        self.limit = limit
        self.history[self.history.index(REGULATION)] = regulation(most=limit)
        for unit_id, who in zip(COMMUNES[:monitors], OFFICIALS, strict=False):
            params = {"official_id": who, "post_id": HELD[who]}
            self.attempt(AssignMonitor, [unit_id], COMMITTEE, 0, **params)
        self.today += timedelta(1)

    @rule(days=st.integers(1, 60))
    def days_pass(self, days: int) -> None:
        self.today += timedelta(days)

    @rule(
        tried=st.lists(st.tuples(UNITS, MONITORS, REASONS), min_size=1, max_size=5),
        body=BODIES,
        ago=DAYS_AGO,
    )
    def monitors_are_assigned(
        self, tried: list[tuple[str, tuple[str, str], str | None]], body: str, ago: int
    ) -> None:
        for unit_id, (who, post), exception in tried:
            params = {"official_id": who, "post_id": post, "exception": exception}
            self.attempt(AssignMonitor, [unit_id], body, ago, **params)

    @rule(unit=UNITS, monitor=MONITORS, exception=REASONS, body=BODIES, ago=DAYS_AGO)
    def a_monitor_is_replaced(
        self, unit: str, monitor: tuple[str, str], exception: str | None, body: str, ago: int
    ) -> None:
        who, post = monitor
        params = {"to_official": who, "post_id": post, "exception": exception}
        self.attempt(ReplaceMonitor, [unit], body, ago, **params, reason=WHY, handover_note=NOTE)

    @rule(unit=UNITS, body=BODIES, ago=DAYS_AGO)
    def a_monitor_is_released(self, unit: str, body: str, ago: int) -> None:
        self.attempt(ReleaseMonitor, [unit], body, ago, reason=WHY)

    @rule(who=WHO, successor=WHO, exception=REASONS, body=BODIES, ago=DAYS_AGO)
    def a_portfolio_is_handed_over(
        self, who: str, successor: str, exception: str | None, body: str, ago: int
    ) -> None:
        to = {"to_official": successor, "post_id": HELD[successor], "exception": exception}
        named = [{"unit_id": span.unit_id, **to} for span in self.seen().open_spans_of(who)]
        if named:
            self.attempt(
                HandOverPortfolio, [who], body, ago, commune_successors=named, state_summary=NOTE
            )

    @rule(monitor=MONITORS, to=WHO, succeeded=st.booleans(), exception=REASONS, ago=DAYS_AGO)
    def a_tenure_ends(
        self, *, monitor: tuple[str, str], to: str, succeeded: bool, exception: str | None, ago: int
    ) -> None:
        who, post = monitor
        params: dict[str, Any] = {"official_id": who, "cause": "retirement"}
        if succeeded and who != to:
            successor = {"official_id": to, "state_summary": NOTE, "exception": exception}
            params["succession"] = successor
        self.attempt(EndTenure, [post], COMMITTEE, ago, **params)

    @rule(monitor=MONITORS, ago=DAYS_AGO)
    def an_official_is_appointed(self, monitor: tuple[str, str], ago: int) -> None:
        who, post = monitor
        self.attempt(Appoint, [post], COMMITTEE, ago, official_id=who)

    @rule(unit=UNITS, agency=AGENCIES, exception=REASONS, ago=DAYS_AGO)
    def a_commune_is_allocated(
        self, unit: str, agency: str, exception: str | None, ago: int
    ) -> None:
        self.attempt(SetQuota, [agency], COMMITTEE, ago, leaders=1)
        self.attempt(AllocateCommune, [unit], COMMITTEE, ago, agency_id=agency, exception=exception)

    @rule(unit=UNITS, body=BODIES, ago=DAYS_AGO)
    def an_allocation_is_withdrawn(self, unit: str, body: str, ago: int) -> None:
        self.attempt(WithdrawAllocation, [unit], body, ago, reason=WHY)

    @rule(unit=UNITS, ago=DAYS_AGO)
    def something_is_written(self, unit: str, ago: int) -> None:
        self.attempt(RecordVisit, [unit], COMMITTEE, ago, occasion="work", content=NOTE)
        self.attempt(RecordGoodPractice, [unit], COMMITTEE, ago, title=WHY, content=NOTE)
        self.attempt(MakeRecommendation, [unit], COMMITTEE, ago, to_body=CULTURE, content=NOTE)

    @rule(unit=UNITS, year=st.sampled_from([2021, 2021, 2022]), ago=DAYS_AGO)
    def something_is_written_of_a_year(self, unit: str, year: int, ago: int) -> None:
        of_year: dict[str, Any] = {"year": year}
        self.attempt(SubmitProgramme, [unit], COMMITTEE, ago, **of_year, content=NOTE)
        self.attempt(SubmitAnnualReport, [unit], COMMITTEE, ago, **of_year, content=NOTE)
        self.attempt(ReviewMonitor, [unit], unit, ago, **of_year, level="good", remarks=NOTE)
        self.attempt(ProposeCommendation, [unit], unit, ago, **of_year, reason=WHY)

    @rule(unit=UNITS, number=st.integers(1, 3), who=WHO, ago=DAYS_AGO)
    def something_is_asked_and_answered(self, unit: str, number: int, who: str, ago: int) -> None:
        self.attempt(RequestReplacement, [unit], unit, ago, reason=WHY)
        answer: dict[str, Any] = {"number": number, "answer": NOTE}
        self.attempt(AnswerReplacementRequest, [unit], COMMITTEE, ago, **answer, granted=False)
        self.attempt(AnswerRecommendation, [unit], CULTURE, ago, **answer)
        decided: dict[str, Any] = {"official_id": who, "year": 2021, "reason": WHY}
        self.attempt(DecideCommendation, [unit], COMMITTEE, ago, **decided, commended=True)

    @rule(agency=AGENCIES, year=st.sampled_from([2021, 2021, 2022]), ago=DAYS_AGO)
    def an_agency_is_assessed(self, agency: str, year: int, ago: int) -> None:
        params = {"year": year, "level": "good", "remarks": NOTE}
        self.attempt(AssessAgency, [agency], COMMITTEE, ago, **params)

    @rule(unit=st.sampled_from(NEW), ago=DAYS_AGO)
    def a_commune_is_established(self, unit: str, ago: int) -> None:
        self.attempt(EstablishUnit, [unit], COMMITTEE, ago, **COMMUNE)

    @rule(unit=st.sampled_from([*MORE, *NEW]), ago=DAYS_AGO)
    def a_commune_is_closed(self, unit: str, ago: int) -> None:
        self.attempt(CloseUnit, [unit], COMMITTEE, ago, reason=WHY)

    @rule(into=UNITS, units=st.lists(UNITS, min_size=1, max_size=2), data=st.data(), ago=DAYS_AGO)
    def communes_merge(self, into: str, units: list[str], data: st.DataObject, ago: int) -> None:
        params: dict[str, Any] = {
            "predecessors": units,
            "successor": COMMUNE if into not in self.exist() else None,
            "monitor_of": data.draw(st.sampled_from([None, *units])),
        }
        self.attempt(MergeUnits, [into], COMMITTEE, ago, **params)

    @rule(unit=UNITS, parts=st.lists(UNITS, min_size=2, max_size=2), data=st.data(), ago=DAYS_AGO)
    def a_commune_is_split(
        self, unit: str, parts: list[str], data: st.DataObject, ago: int
    ) -> None:
        exist = self.exist()
        params: dict[str, Any] = {
            "parts": [
                {"unit_id": part, "successor": None if part in exist else COMMUNE} for part in parts
            ],
            "monitor_goes_on_in": data.draw(st.sampled_from([None, *parts])),
        }
        self.attempt(SplitUnit, [unit], COMMITTEE, ago, **params)

    @invariant()
    def a_commune_has_one_monitor_at_most_and_no_days_overlap(self) -> None:
        spans = sorted(monitored(self.history), key=lambda days: (days.what, days.since))
        for before, after in pairwise(spans):
            assert before.what != after.what or before.until <= after.since

    @invariant()
    def communes_covered_and_gaps_are_all_communes_of_the_day(self) -> None:
        exist, spans = self.exist(), monitored(self.history)
        for day in self.days(spans):
            communes_of_day = {c for c, (since, until) in exist.items() if since <= day < until}
            covered = Counter(span.what for span in spans if span.covers(day))
            gaps = communes_of_day - covered.keys()
            assert covered.total() + len(gaps) == len(communes_of_day)

    @invariant()
    def nobody_monitors_more_communes_than_allowed_without_an_exception(self) -> None:
        spans = monitored(self.history)
        for day in self.days(spans):
            ordinary = Counter(s.who for s in spans if s.covers(day) and s.exception is None)
            assert all(communes <= self.limit for communes in ordinary.values())

    @invariant()
    def who_monitors_holds_the_post_on_every_day(self) -> None:
        held = tenures(self.history)
        for span in monitored(self.history):
            assert any(
                (tenure.who, tenure.post_id) == (span.who, span.post_id)
                and tenure.since <= span.since
                and span.until <= tenure.until
                for tenure in held
            )

    @invariant()
    def a_monitor_assigned_under_an_allocation_is_of_that_agency(self) -> None:
        agencies: dict[str, str] = {}
        for event in by_day(self.history):
            match event:
                case CommuneAllocated():
                    agencies[event.unit_id] = event.agency_id
                case AllocationWithdrawn():
                    del agencies[event.unit_id]
        for unit_id, agency in agencies.items():
            span = self.seen().open_span(unit_id)
            assert span is None or span.agency_id == agency

    @invariant()
    def what_is_written_is_of_whoever_monitored(self) -> None:
        spans = monitored(self.history)
        for event in self.history:
            if isinstance(event, VisitRecorded | GoodPracticeRecorded | RecommendationMade):
                on = event.effective_on
                # Within a day the order is that of recording: whoever ends that day has written.
                of_day = [s for s in spans if s.covers(on) or s.until == on]
                days = {(span.what, span.who, span.since) for span in of_day}
                assert (event.unit_id, event.official_id, event.since) in days
            elif isinstance(event, SpanEvent):
                days = {(span.what, span.who, span.since) for span in spans}
                assert (event.unit_id, event.official_id, event.since) in days

    @invariant()
    def papers_are_numbered_and_settled_once(self) -> None:
        numbers = Counter(
            (type(event), event.unit_id, number)
            for event in self.history
            if isinstance(event, PAPERS) and (number := getattr(event, "number", None)) is not None
        )
        assert all(times == 1 for times in numbers.values())

    @invariant()
    def what_a_decision_sees_is_what_the_log_says(self) -> None:
        expected = {(d.what, d.who, d.since, d.until) for d in monitored(self.history)}
        assert self.as_tuples(self.seen().spans) == expected
        for who in OFFICIALS:
            own = self.seen(monitoring_by_official(who))
            communes = [monitors_of_commune(span.unit_id) for span in own.open_spans_of(who)]
            now = self.seen(monitoring_by_official(who), *communes).open_spans_of(who)
            assert self.as_tuples(now) == {
                days for days in expected if days[1] == who and days[3] == date.max
            }

    def teardown(self) -> None:
        """All that was recorded holds when it is folded whole, in the order of its days."""
        entries = timeline(dict(enumerate(self.history, 1)))
        assert contradictions([], entries, entries[0].at, of_posts=True) == []
        assert breaches_of_history(self.history) == []

    def exist(self) -> dict[str, tuple[date, date]]:
        return communes(self.history)

    def seen(self, *selectors: Selector) -> Monitoring:
        monitoring = Monitoring()
        for event in by_day(self.history):
            if not selectors or matches(selectors, event):
                monitoring.evolve(event)
        return monitoring

    @staticmethod
    def as_tuples(spans: Sequence[Span]) -> set[tuple[str, str, date, date]]:
        return {(s.unit_id, s.official_id, s.since, s.until) for s in spans}

    def days(self, spans: Sequence[Days]) -> Iterator[date]:
        """Every day on which a monitor or a commune begins or ends, and the day before it."""
        edges = {day for span in spans for day in (span.since, span.until)}
        edges |= {day for exists in self.exist().values() for day in exists}
        yield from sorted({*edges, *(edge - timedelta(1) for edge in edges)} - {date.max})


Lives.TestCase.settings = settings(max_examples=60, stateful_step_count=50, deadline=None)
TestLives = Lives.TestCase
