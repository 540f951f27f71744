"""Missed cycle papers: the day of a paper of a cycle has passed, and it was not given.

The service records it once for each paper, so that whoever follows the events hears of it.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from typing import ClassVar

from eventsourcing.dcb.domain import Selector

from domain.appraisal.cycle_events import (
    CycleClosed,
    CycleOpened,
    CyclePaperMissed,
    LevelProposed,
    OfficialEnrolled,
    PaperOfCycle,
    ScoresGiven,
    SelfAssessed,
)
from domain.appraisal.cycles import CycleUnknown, lifetime_of, pinned, policy_of
from domain.appraisal.events import UnitRated
from domain.appraisal.rating_events import RatingDecided
from domain.kernel import Command, Conflict, Context, Event, Parameters, Refusal
from domain.regulations.regulations import Regulations, days_off_selector, policy_selector
from domain.regulations.vocabulary_1.due_days import occasions
from domain.regulations.vocabulary_1.organising import Paper
from domain.values import Day, OfficialId, UnitId

# As regulations call them, and by which events each is given.
REGULATED: Mapping[PaperOfCycle, Paper] = {
    "self_assessment": "self_assessment",
    "official_review": "review",
    "rating": "rating",
    "unit_result": "unit_result",
}
GIVEN_BY: Mapping[PaperOfCycle, tuple[type[Event], ...]] = {
    "self_assessment": (SelfAssessed,),
    "official_review": (ScoresGiven, LevelProposed),
    "rating": (RatingDecided,),
    "unit_result": (UnitRated,),
}


class CyclePaperNotMissing(Conflict):
    """In the cycle {cycle_id} no {paper} that was due on {due_on} is missing.

    Chu kỳ xếp loại {cycle_id} không thiếu {paper} có hạn ngày {due_on}.
    """


class MissedCyclePaper(Parameters):
    """Which paper is missing, and since when: that of the official, or the result of the unit."""

    paper: PaperOfCycle
    unit_id: UnitId
    official_id: OfficialId | None
    due_on: Day


class RecordMissedCyclePaper(Command[MissedCyclePaper]):
    """The service finds that a paper is missing; what was recorded of it is left as it is."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (CycleUnknown, CyclePaperNotMissing)

    def __init__(self, context: Context, params: MissedCyclePaper, cycle_id: str) -> None:
        super().__init__(context, params)
        self._cycle_id = cycle_id
        self._regulated = Regulations()
        self._opened: CycleOpened | None = None
        self._agencies: dict[str, str] = {}
        self._rated: set[tuple[date, date]] = set()
        self._is_given = self._is_closed = False

    def consistency_boundary(self) -> list[Selector]:
        of_cycle, params = f"cycle:{self._cycle_id}", self.params
        of_whom = f"unit:{params.unit_id}"
        member = [of_cycle]
        if params.official_id is not None:
            of_whom = f"official:{params.official_id}"
            member.append(of_whom)
        given_by = GIVEN_BY[params.paper]
        opened = (one for one in self.recorded if isinstance(one, CycleOpened))
        return [
            lifetime_of(self._cycle_id),
            Selector(types=[OfficialEnrolled], tags=member),
            Selector(types=given_by, tags=[of_whom] if given_by == (UnitRated,) else member),
            Selector(types=[CyclePaperMissed], tags=[of_cycle, of_whom]),
            *(policy_selector(one.regulation) for one in opened),
            days_off_selector(),
        ]

    def evolve(self, event: Event) -> None:
        self._regulated.evolve(event)
        match event:
            case CycleOpened():
                self._opened = event
            case CycleClosed():
                self._is_closed = True
            case OfficialEnrolled():
                self._agencies[event.official_id] = event.agency
            case UnitRated():
                self._rated.add((event.from_on, event.to_on))
            case SelfAssessed() | ScoresGiven() | LevelProposed() | RatingDecided():
                self._is_given = True
            case _:
                pass

    def execute(self) -> None:
        params, on = self.params, self.context.effective_on
        cycle = self._opened
        if cycle is None:
            raise CycleUnknown(cycle_id=self._cycle_id)
        is_due = params.due_on < on and params.due_on in self._due_on(cycle)
        is_given = self._is_given or (cycle.from_on, cycle.to_on) in self._rated
        if not is_due or is_given or self._is_closed or not self._is_owed(cycle):
            raise CyclePaperNotMissing(
                cycle_id=self._cycle_id, paper=params.paper, due_on=params.due_on
            )
        missed = CyclePaperMissed(
            effective_on=on,
            cycle_id=self._cycle_id,
            paper=params.paper,
            unit_id=params.unit_id,
            official_id=params.official_id,
            due_on=params.due_on,
        )
        told = (one for one in self.recorded if isinstance(one, CyclePaperMissed))
        if not any(_paper(one) == _paper(missed) for one in told):
            self.emit(missed)

    def _is_owed(self, cycle: CycleOpened) -> bool:
        """Whether it is asked for of that official and unit."""
        params, agencies = self.params, self._agencies
        if params.paper == "unit_result":
            return params.official_id is None and params.unit_id in agencies.values()
        agency = agencies.get(params.official_id or "")
        whose = cycle.decided_by if params.paper == "rating" else agency
        return agency is not None and whose == params.unit_id

    def _due_on(self, cycle: CycleOpened) -> Iterator[date]:
        """By the revision by which the cycle was opened, for the period in which it ends."""
        is_off = self._regulated.days_off.is_off
        for duty in policy_of(pinned(cycle, self.recorded)).duties:
            if (duty.paper, duty.each) != (REGULATED[self.params.paper], cycle.cycle):
                continue
            if duty.only_for and cycle.cohort not in duty.only_for:
                continue
            for occasion in occasions(duty, cycle.to_on.year, is_off):
                if occasion.begins_on <= cycle.to_on <= occasion.ends_on:
                    yield occasion.due_on


def _paper(missed: CyclePaperMissed) -> tuple[PaperOfCycle, str | None, date, str]:
    """What tells the paper from others of the cycle; an official's agency may be another later."""
    unit = missed.unit_id if missed.official_id is None else ""
    return missed.paper, missed.official_id, missed.due_on, unit
