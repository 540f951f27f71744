"""Regulations as a decision sees them: of every topic, the one in force on a day."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TypeVar

from eventsourcing.dcb.domain import Selector

from domain.kernel import Conflict, Event, NotFound
from domain.regulations.events import (
    CellAttendanceRegulated,
    CommuneMonitoringRegulated,
    DaysOffAdopted,
    PolicyAdopted,
    RegulationAdopted,
    Topic,
)
from domain.regulations.policies import adopted
from domain.regulations.vocabulary_1.due_days import due_day
from domain.regulations.vocabulary_1.organising import Paper
from domain.regulations.vocabulary_1.policy import Policy

SATURDAY = 5


class RegulatedFromThatDay(Conflict):
    """Another regulation on this takes effect on {effective_on} already.

    Đã có quy định khác về nội dung này, cũng có hiệu lực từ ngày {effective_on}.
    """


class RegulationUnknown(NotFound):
    """There is no regulation {regulation_id} that is written as a file.

    Không có quy định {regulation_id} được ban hành bằng tệp.
    """


@dataclass(frozen=True, slots=True)
class CommuneRules:
    """How communes are monitored from a day on."""

    effective_on: date
    communes_per_official: int
    leading_post_kinds: tuple[str, ...]
    policy: Policy

    def due(self, paper: Paper, year: int, days_off: "DaysOff") -> date | None:
        """The last day on which the paper of the year comes in time; None if none is due."""
        duties = (duty for duty in self.policy.duties if (duty.paper, duty.each) == (paper, "year"))
        for duty in duties:
            if duty.from_on is None or duty.from_on <= date(year, 12, 31):
                return due_day(duty, date(year, 1, 1), days_off.is_off)
        return None


@dataclass(frozen=True, slots=True)
class CellRules:
    """How cells' meetings are attended from a day on."""

    effective_on: date
    meetings_per_month: int
    scale_points: int


@dataclass(slots=True)
class DaysOff:
    """The days on which nobody works: Saturdays, Sundays, and what the year's calendar says."""

    calendars: dict[int, DaysOffAdopted] = field(default_factory=dict)

    def is_off(self, on: date) -> bool:
        """Whether nobody works on that day."""
        calendar = self.calendars.get(on.year)
        if calendar is not None and on in calendar.worked:
            return False
        listed = calendar is not None and any(day.on == on for day in calendar.days_off)
        return listed or on.weekday() >= SATURDAY


Rules = TypeVar("Rules", CommuneRules, CellRules)


@dataclass(slots=True)
class Regulations:
    """The regulations adopted so far, in the order of their days."""

    commune_monitoring: list[CommuneRules] = field(default_factory=list)
    cell_attendance: list[CellRules] = field(default_factory=list)
    policies: list[PolicyAdopted] = field(default_factory=list)
    days_off: DaysOff = field(default_factory=DaysOff)

    def evolve(self, event: Event) -> None:
        match event:
            case RegulationAdopted():
                self._adopted(event, adopted(event.vocabulary, event.policy))
            case DaysOffAdopted():
                self.days_off.calendars[event.year] = event
            case _:
                pass

    def _adopted(self, event: RegulationAdopted, policy: Policy) -> None:
        on, meetings = event.effective_on, policy.cell_meetings
        if isinstance(event, PolicyAdopted):
            self.policies.append(event)
        if policy.communes_per_official is not None:
            most, kinds = policy.communes_per_official, policy.leading_post_kinds
            self.commune_monitoring.append(CommuneRules(on, most, kinds, policy))
        if meetings is not None:
            rules = CellRules(on, meetings.each_month, meetings.scale_points)
            self.cell_attendance.append(rules)

    def of_communes(self, on: date) -> CommuneRules | None:
        """What is in force for communes on that day: the last that took effect."""
        return _in_force(self.commune_monitoring, on)

    def of_cells(self, on: date) -> CellRules | None:
        """What is in force for cells on that day."""
        return _in_force(self.cell_attendance, on)

    def revisions(self, regulation_id: str) -> Iterator[PolicyAdopted]:
        """Those of the regulation that is written as a file."""
        return (one for one in self.policies if one.regulation_id == regulation_id)

    def on_topic(self, topic: Topic) -> Iterable[CommuneRules | CellRules]:
        """All that regulates the topic."""
        of_topics: Mapping[Topic, Iterable[CommuneRules | CellRules]] = {
            "commune-monitoring": self.commune_monitoring,
            "cell-attendance": self.cell_attendance,
        }
        return of_topics[topic]


def _in_force(regulated: list[Rules], on: date) -> Rules | None:
    return next((one for one in reversed(regulated) if one.effective_on <= on), None)


def governed(policy: Policy) -> tuple[Topic, ...]:
    """The topics that the policy regulates."""
    topics: Mapping[Topic, object] = {
        "commune-monitoring": policy.communes_per_official,
        "cell-attendance": policy.cell_meetings,
    }
    return tuple(topic for topic, rule in topics.items() if rule is not None)


def require_alone(regulated: Iterable[CommuneRules | CellRules | Event], on: date) -> None:
    """Pass if none of the regulations takes effect on that same day.

    Raises:
        RegulatedFromThatDay.
    """
    if any(one.effective_on == on for one in regulated):
        raise RegulatedFromThatDay(effective_on=on)


def topic_selector(topic: Topic) -> Selector:
    """What regulates the topic, whether it was given by parameters or as a file."""
    types: list[type[Event]] = [CommuneMonitoringRegulated, CellAttendanceRegulated, PolicyAdopted]
    return Selector(types=types, tags=[f"regulation:{topic}"])


def commune_monitoring_selector() -> Selector:
    """How communes are to be monitored."""
    return topic_selector("commune-monitoring")


def cell_attendance_selector() -> Selector:
    """How cells' meetings are to be attended."""
    return topic_selector("cell-attendance")


def policy_selector(regulation_id: str) -> Selector:
    """The revisions of the regulation that is written as a file."""
    return Selector(types=[PolicyAdopted], tags=[f"regulation:{regulation_id}"])


def days_off_selector() -> Selector:
    """The calendars of days off."""
    return Selector(types=[DaysOffAdopted], tags=["regulation:days-off"])
