"""Regulated papers: the plan and the reports that a regulation asks for, and that are missing.

That one is missing is told by an event, once, and so far by nothing else: a task does not know the
regulation. A plan that stands is one, whenever it was laid down. A report is taken for each paper
of whose days its own is one. A task for which a rule of its own asks for reports owes those, and
none by regulation.

What is missing, and what changes it, are JSON values, as events are stored and read models keep
them.
"""

from collections.abc import Callable, Mapping
from typing import Any, TypeAlias, TypedDict

from domain.kernel import Event
from domain.tasks.events import PlanSubmitted, ProgressReported
from domain.tasks.term import TaskPaperKind
from domain.tasks.work.missed_reports import TaskPaperMissed
from domain.tasks.work.report_duties import ReportDutySet

MONTH = len("2021-05")
NO_DAY = ""


class Lacking(TypedDict):
    """A paper that is missing, and when a report that comes is taken for it: never for a plan."""

    paper: TaskPaperKind
    period: str
    due_on: str
    taken_from_on: str
    taken_to_on: str


class RegulatedPapers(TypedDict):
    """What is missing, and what later is not missing because it came or is asked for no more.

    `reported_on` is of each month the first day on which a report came: the days on which one is
    taken for a paper begin with a month.
    """

    has_own_rule: bool
    is_planned: bool
    reported_on: list[str]
    missing: list[Lacking]


NOTHING: RegulatedPapers = {
    "has_own_rule": False,
    "is_planned": False,
    "reported_on": [],
    "missing": [],
}
# What is missing after an event of that day with these data; the same if it changes nothing.
Step: TypeAlias = Callable[[RegulatedPapers, str, Mapping[str, Any]], RegulatedPapers]


def _missed(papers: RegulatedPapers, _: str, data: Mapping[str, Any]) -> RegulatedPapers:
    """It is told that a paper is missing; what had come by then, as is known now, is not."""
    if _has_come(papers, data):
        return papers
    lacking: Lacking = {
        "paper": data["paper"],
        "period": data["period"],
        "due_on": data["due_on"],
        "taken_from_on": data["taken_from_on"] or NO_DAY,
        "taken_to_on": data["taken_to_on"] or NO_DAY,
    }
    return {**papers, "missing": [*papers["missing"], lacking]}


def _has_come(papers: RegulatedPapers, data: Mapping[str, Any]) -> bool:
    if data["paper"] == "plan":
        return papers["is_planned"]
    first, last = data["taken_from_on"], data["taken_to_on"]
    return papers["has_own_rule"] or any(first <= on <= last for on in papers["reported_on"])


def _planned(papers: RegulatedPapers, _on: str, _: Mapping[str, Any]) -> RegulatedPapers:
    if papers["is_planned"]:
        return papers
    missing = [one for one in papers["missing"] if one["paper"] != "plan"]
    return {**papers, "is_planned": True, "missing": missing}


def _reported(papers: RegulatedPapers, on: str, _: Mapping[str, Any]) -> RegulatedPapers:
    before = papers["reported_on"]
    if papers["has_own_rule"] or (before and before[-1][:MONTH] == on[:MONTH]):
        return papers
    missing = [
        one for one in papers["missing"] if not one["taken_from_on"] <= on <= one["taken_to_on"]
    ]
    return {**papers, "reported_on": [*before, on], "missing": missing}


def _ruled(papers: RegulatedPapers, _: str, data: Mapping[str, Any]) -> RegulatedPapers:
    """A rule of the task's own asks for its reports from now on; one that asks for none is none."""
    if data["duty"] is None or papers["has_own_rule"]:
        return papers
    missing = [one for one in papers["missing"] if one["paper"] == "plan"]
    return {**papers, "has_own_rule": True, "missing": missing}


STEPS: Mapping[type[Event], Step] = {
    TaskPaperMissed: _missed,
    PlanSubmitted: _planned,
    ProgressReported: _reported,
    ReportDutySet: _ruled,
}


class MissingPapers:
    """The papers that are missing on one task, as far as its events have been folded."""

    def __init__(self) -> None:
        self._papers = NOTHING

    def evolve(self, event: Event) -> None:
        step = STEPS.get(type(event))
        if step is not None:
            data = event.model_dump(mode="json", include={"duty", *Lacking.__annotations__})
            self._papers = step(self._papers, event.effective_on.isoformat(), data)

    def missing(self) -> set[tuple[TaskPaperKind, str]]:
        """Which papers, of which periods."""
        return {(one["paper"], one["period"]) for one in self._papers["missing"]}
