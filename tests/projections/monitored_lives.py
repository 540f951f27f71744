"""Years of monitoring, made up: who monitors two communes in turn, and the papers they hand in."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from hypothesis import strategies as st

from domain.cells.attendance import AssignAttendant, RecordMeetingAttended, ReleaseAttendant
from domain.cells.events import AttendantAssigned
from domain.kernel import Event, Refusal
from domain.monitoring.events import MonitorAssigned, MonitorReleased, MonitorReplaced, ReleaseCause
from domain.monitoring.papers.annual_report import SubmitAnnualReport
from domain.monitoring.papers.commendation import ProposeCommendation
from domain.monitoring.papers.programme import SubmitProgramme
from domain.monitoring.papers.review import ReviewMonitor
from domain.monitoring.papers.visits import RecordVisit
from domain.organisation.events import OfficialRegistered, UnitEstablished, UnitKind
from domain.regulations.events import (
    CellAttendanceRegulated,
    CommuneMonitoringRegulated,
    YearlyDeadline,
)
from domain.regulations.regulations import Regulations
from tests.domain.scenario import Scenario

COMMITTEE, CELL, COMMUNES = "btv-tinh-uy", "chi-bo-1", ("xa-1", "xa-2")
OFFICIALS = ("can-bo-1", "can-bo-2", "can-bo-3")
FIRST_DAY, LAST_DAY = date(2022, 1, 1), date(2024, 6, 30)
FOUNDED = date(2021, 1, 1)
RULES = CommuneMonitoringRegulated.by_parameters(
    effective_on=FOUNDED,
    adopted_by=COMMITTEE,
    communes_per_official=1,
    leading_post_kinds=(),
    programme_due=YearlyDeadline(month=3, day=31),
    report_due=YearlyDeadline(month=12, day=15),
    review_due=YearlyDeadline(month=1, day=15, next_year=True),
)
CELL_RULES = [
    CellAttendanceRegulated.by_parameters(
        effective_on=on, adopted_by=COMMITTEE, meetings_per_month=meetings, scale_points=100
    )
    for on, meetings in ((date(2022, 3, 1), 1), (date(2023, 2, 15), 2))
]
REGULATED = Regulations()
for _adopted in (RULES, *CELL_RULES):
    REGULATED.evolve(_adopted)
ORGANISATION: list[Event] = [
    *(
        UnitEstablished(effective_on=FOUNDED, unit_id=unit_id, name=unit_id, kind=kind)
        for unit_id, kind in (
            (COMMITTEE, UnitKind.STANDING_COMMITTEE),
            (CELL, UnitKind.PARTY_CELL),
            *((commune, UnitKind.COMMUNE) for commune in COMMUNES),
        )
    ),
    *(
        OfficialRegistered(effective_on=FOUNDED, official_id=who, full_name="Cán bộ")
        for who in OFFICIALS
    ),
    RULES,
    *CELL_RULES,
]


class Turn(NamedTuple):
    """On a day somebody does something, where it may be done."""

    day: date
    commune: str
    official: str
    action: str
    year: int
    named: bool


# Mostly the days around those that decide: ends of months, and what is due.
DECISIVE = [
    date(year, month, day) + timedelta(days=later)
    for year in (2022, 2023, 2024)
    for month, day in ((1, 1), (1, 15), (3, 1), (3, 31), (12, 15), (12, 31))
    for later in (-1, 0, 1)
    if FIRST_DAY < date(year, month, day) < LAST_DAY
]
any_day = st.integers(0, (LAST_DAY - FIRST_DAY).days).map(lambda n: FIRST_DAY + timedelta(days=n))
days = st.one_of(st.sampled_from(DECISIVE), st.sampled_from(DECISIVE), any_day)
ACTIONS = ("monitor", "monitor", "programme", "report", "review", "visit", "visit", "propose")
turns = st.builds(
    Turn,
    days,
    st.sampled_from(COMMUNES),
    st.sampled_from(OFFICIALS),
    st.sampled_from(ACTIONS),
    st.sampled_from((2022, 2023)),
    st.booleans(),
)
histories = st.lists(turns, min_size=12, max_size=40).map(lambda found: _history(sorted(found)))
cell_turns = st.lists(
    st.tuples(days, st.sampled_from(OFFICIALS[:2]), st.sampled_from(("come", "come", "turn"))),
    max_size=40,
)
cell_histories = cell_turns.map(lambda found: _cell_history(sorted(found)))


def _history(found: list[Turn]) -> list[Event]:
    """What happens of it; what is refused does not."""
    events = list(ORGANISATION)
    monitors: dict[str, tuple[str, date]] = {}
    for turn in found:
        if turn.action == "monitor":
            events += _monitored(monitors, turn)
        else:
            events += _decided(events, turn)
    return events


def _monitored(monitors: dict[str, tuple[str, date]], turn: Turn) -> list[Event]:
    """The official begins, follows another, or is released, after a day at least."""
    before = monitors.get(turn.commune)
    of: dict[str, Any] = {"effective_on": turn.day, "unit_id": turn.commune, "post_id": "p"}
    of["agency_id"] = f"so-{turn.official[-1]}"
    if before is not None and turn.day <= before[1]:
        return []
    if before is not None and before[0] == turn.official:
        del monitors[turn.commune]
        cause = ReleaseCause.RELEASED
        released = {**of, "official_id": turn.official, "since": before[1], "cause": cause}
        return [MonitorReleased(**released, reason="thôi", released_by=COMMITTEE)]
    monitors[turn.commune] = (turn.official, turn.day)
    if before is None:
        return [MonitorAssigned(**of, official_id=turn.official, assigned_by=COMMITTEE)]
    told = {"reason": "thay", "handover_note": "hồ sơ", "replaced_by": COMMITTEE}
    return [MonitorReplaced(**of, from_official=before[0], to_official=turn.official, **told)]


def _decided(events: list[Event], turn: Turn) -> list[Event]:
    of: dict[str, Any] = {"on": turn.day}
    if turn.named:
        of["official_id"] = turn.official
    paper: dict[str, Any] = {**of, "year": turn.year, "content": "nội dung"}
    form: dict[str, Any] = {**of, "year": turn.year, "on_behalf_of": turn.commune}
    said: dict[str, tuple[Any, dict[str, Any]]] = {
        "programme": (SubmitProgramme, paper),
        "report": (SubmitAnnualReport, paper),
        "review": (ReviewMonitor, {**form, "level": "good", "remarks": "tốt"}),
        "visit": (RecordVisit, {**of, "occasion": "meeting", "content": "dự họp"}),
        "propose": (ProposeCommendation, {**form, "reason": "tốt"}),
    }
    verb, words = said[turn.action]
    return _unless_refused(Scenario(tuple(events)).when(verb, turn.commune, **words))


def _cell_history(found: list[tuple[date, str, str]]) -> list[Event]:
    events = list(ORGANISATION)
    attending: set[str] = set()
    for on, official, action in found:
        said: dict[str, Any] = {"official_id": official, "on": on}
        here = Scenario(tuple(events))
        if action == "come":
            scene = here.when(RecordMeetingAttended, CELL, remarks="đủ", **said)
        elif official in attending:
            said = {**said, "on_behalf_of": COMMITTEE, "reason": "thôi"}
            scene = here.when(ReleaseAttendant, CELL, **said)
        else:
            scene = here.when(AssignAttendant, CELL, on_behalf_of=COMMITTEE, **said)
        happened = _unless_refused(scene)
        events += happened
        if happened and action == "turn":
            begins = isinstance(happened[0], AttendantAssigned)
            (attending.add if begins else attending.discard)(official)
    return events


def _unless_refused(scene: Scenario) -> list[Event]:
    try:
        return scene.decide()
    except Refusal:
        return []
