"""Owed reports: for which period a report on a task is taken, and which periods' are missing.

A report is taken for the period of its own months: a monthly report for the one due that month,
also after its day; a quarterly one for the one due in or next after its month. A second one within
the same months makes up for the oldest that is missing. A claim of completion is a report too.
Nothing falls due on days on which nothing can be reported: while a claim waits to be confirmed,
while the task is vacant, and once it has ended. A report that is missing for an objective cause is
asked for no more.

What is owed, and what changes it, are JSON values, as events are stored and read models keep them.
"""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, timedelta
from functools import lru_cache
from typing import Any, TypeAlias, TypedDict

from domain.kernel import Event
from domain.tasks.changes import (
    ObjectiveCauseConfirmed,
    TaskCarriedOver,
    TaskVacated,
    VacancyFilled,
)
from domain.tasks.events import (
    CompletionClaimed,
    CompletionConfirmed,
    CompletionReturned,
    ProgressReported,
    TaskCancelled,
)
from domain.tasks.work.report_duties import Obligation, ReportDuty, ReportDutySet, obligations

ONE_DAY = timedelta(days=1)
# Between two reports lies a year at most, and the report may be due a year after its period.
HORIZON = timedelta(days=800)


class Missing(TypedDict):
    """A report that fell due and was not given."""

    period: str
    due_on: str


class Owed(TypedDict):
    """What is asked for on a task, since when what falls due is counted, and what was given."""

    duty: dict[str, Any] | None
    reportable: bool
    counted_from_on: str
    missing: list[Missing]
    given_in_time: int
    given_late: int
    last_given_on: str | None


# What is owed after an event of that day with these data; None if the event changes nothing.
Step: TypeAlias = Callable[[Owed | None, str, Mapping[str, Any]], Owed | None]


def runs(owed: Mapping[str, Any]) -> bool:
    """Whether reports fall due."""
    return owed["reportable"] and owed["duty"] is not None


def late(owed: Mapping[str, Any], as_of: date) -> list[Obligation]:
    """The reports missing on the day, the oldest first: their own day has passed."""
    return [_obligation(missing) for missing in missing_on(owed, as_of)]


def missing_on(owed: Mapping[str, Any], as_of: date) -> list[Missing]:
    """The same as they are stored; of those that were missing before none is made anew."""
    if not runs(owed):
        return list(owed["missing"])
    counted_from = date.fromisoformat(owed["counted_from_on"])
    return [*owed["missing"], *map(as_json, _due(owed, counted_from, as_of - ONE_DAY))]


def next_due(owed: Mapping[str, Any], since: date) -> Obligation:
    """The first report that falls due on or after that day."""
    return next(_due(owed, since, since + HORIZON))


def taken_for(owed: Owed, on: str) -> Missing | None:
    """The report that one given on the day is taken for; None if none is asked for."""
    if not runs(owed):
        return None
    own = next_due(owed, date.fromisoformat(on).replace(day=1))
    if own.due_on.isoformat() >= owed["counted_from_on"]:
        return as_json(own)
    return owed["missing"][0] if owed["missing"] else None


def as_json(obligation: Obligation) -> Missing:
    return {"period": obligation.period, "due_on": obligation.due_on.isoformat()}


def _unasked(on: str) -> Owed:
    """Of a task of which no reports are asked for."""
    return {
        "duty": None,
        "reportable": True,
        "counted_from_on": on,
        "missing": [],
        "given_in_time": 0,
        "given_late": 0,
        "last_given_on": None,
    }


def _duty_set(owed: Owed | None, on: str, data: Mapping[str, Any]) -> Owed:
    """The duty is another from now on; what was missing under the former one stays missing."""
    return {**_counted(owed or _unasked(on), on), "duty": data["duty"]}


def _reported(owed: Owed | None, on: str, _: Mapping[str, Any]) -> Owed | None:
    """A report is given: for its own period, or for the oldest that is missing."""
    return None if owed is None or not runs(owed) else _given(owed, on)


def _claimed(owed: Owed | None, on: str, _: Mapping[str, Any]) -> Owed:
    """Claiming completion is a report; then nothing falls due until the claim is returned."""
    was = owed or _unasked(on)
    return {**_counted(_given(was, on) if runs(was) else was, on), "reportable": False}


def _turned(*, reportable: bool) -> Step:
    """Reports fall due no longer, or again as they were asked for before: from now on."""

    def step(owed: Owed | None, on: str, _: Mapping[str, Any]) -> Owed | None:
        return None if owed is None else {**_counted(owed, on), "reportable": reportable}

    return step


def _ended(owed: Owed | None, _on: str, _: Mapping[str, Any]) -> Owed | None:
    """No report is asked for any more, not even those that are missing."""
    return None if owed is None else {**owed, "duty": None, "missing": []}


def _excused(owed: Owed | None, on: str, data: Mapping[str, Any]) -> Owed | None:
    """The report that was due on that day, and is missing, is asked for no more."""
    if owed is None or data["occurrence"] != "missed_report":
        return None
    counted = _counted(owed, on)
    still = [one for one in counted["missing"] if one["due_on"] != data["occurred_on"]]
    return None if len(still) == len(counted["missing"]) else {**counted, "missing": still}


STEPS: Mapping[type[Event], Step] = {
    ReportDutySet: _duty_set,
    ObjectiveCauseConfirmed: _excused,
    ProgressReported: _reported,
    CompletionClaimed: _claimed,
    CompletionReturned: _turned(reportable=True),
    TaskVacated: _turned(reportable=False),
    VacancyFilled: _turned(reportable=True),
    CompletionConfirmed: _ended,
    TaskCancelled: _ended,
    TaskCarriedOver: _ended,
}


class OwedReports:
    """The reports owed on one task, as far as its events have been folded."""

    def __init__(self) -> None:
        self._owed: Owed | None = None

    def evolve(self, event: Event) -> None:
        step = STEPS.get(type(event))
        if step is not None:
            data = event.model_dump(mode="json", include={"duty", "occurrence", "occurred_on"})
            after = step(self._owed, event.effective_on.isoformat(), data)
            self._owed = self._owed if after is None else after

    def missing(self, as_of: date) -> list[tuple[str, date]]:
        """The periods of those whose day has passed by then, and that day, the oldest first."""
        missing = [] if self._owed is None else late(self._owed, as_of)
        return [(one.period, one.due_on) for one in missing]


def _given(owed: Owed, on: str) -> Owed:
    day, counted_from = date.fromisoformat(on), date.fromisoformat(owed["counted_from_on"])
    own_due_on = next_due(owed, day.replace(day=1)).due_on
    if own_due_on < counted_from:
        return _made_up_for(owed, on)
    before = _due(owed, counted_from, own_due_on - ONE_DAY)
    in_time = day <= own_due_on
    return {
        **owed,
        "missing": [*owed["missing"], *map(as_json, before)],
        "counted_from_on": (own_due_on + ONE_DAY).isoformat(),
        "given_in_time": owed["given_in_time"] + in_time,
        "given_late": owed["given_late"] + (not in_time),
        "last_given_on": on,
    }


def _made_up_for(owed: Owed, on: str) -> Owed:
    """The period's own report was given before: this one is for the oldest missing, if any."""
    return {
        **owed,
        "missing": owed["missing"][1:],
        "given_late": owed["given_late"] + bool(owed["missing"]),
        "last_given_on": on,
    }


def _counted(owed: Owed, on: str) -> Owed:
    """What fell due before the day and was not given is missing; what comes is open."""
    return {
        **owed,
        "missing": missing_on(owed, date.fromisoformat(on)),
        "counted_from_on": max(owed["counted_from_on"], on),
    }


def _due(owed: Mapping[str, Any], from_on: date, to_on: date) -> Iterator[Obligation]:
    return obligations(_duty(tuple(owed["duty"].items())), from_on, to_on)


@lru_cache(maxsize=256)
def _duty(duty: tuple[tuple[str, Any], ...]) -> ReportDuty:
    """Provinces ask for few different duties, over and over."""
    return ReportDuty.model_validate(dict(duty))


def _obligation(missing: Missing) -> Obligation:
    return Obligation(missing["period"], date.fromisoformat(missing["due_on"]))
