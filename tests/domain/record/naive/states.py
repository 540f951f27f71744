"""States of a task, naively: which event is possible in which, whom it names, who answers when."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from tests.domain.record.naive.facts import Fact

NEW, REGISTERED, READY, REJECTED, CANCELLED = "new", "registered", "ready", "rejected", "cancelled"
RUNS, CLAIMED, COMPLETED, VACANT, CARRIED = "runs", "claimed", "completed", "vacant", "carried"
ANSWERED = (RUNS, CLAIMED)
# In which states an event is possible, and which state follows; None where it stays.
CHANGES: dict[str, tuple[tuple[str, ...], str | None]] = {
    "task.registered": ((NEW,), REGISTERED),
    "task.commissioned": ((NEW,), READY),
    "task.continued": ((NEW,), READY),
    "task.advised": ((REGISTERED,), None),
    "task.approved": ((REGISTERED,), READY),
    "task.rejected": ((REGISTERED,), REJECTED),
    "task.amended": ((REGISTERED, READY), None),
    "task.assigned": ((READY,), RUNS),
    "task.plan_submitted": ((RUNS,), None),
    "task.progress_reported": ((RUNS,), None),
    "task.partial_result_recorded": ((RUNS,), None),
    "task.effect_recorded": ((RUNS, CLAIMED, COMPLETED), None),
    "task.case_recorded": ((RUNS,), None),
    "task.objective_cause_confirmed": ((RUNS, CLAIMED, COMPLETED, VACANT, CARRIED), None),
    "task.revised": ((RUNS,), None),
    "task.revision_requested": ((RUNS,), None),
    "task.revision_refused": ((RUNS,), None),
    "task.corrected": (
        (REGISTERED, READY, RUNS, CLAIMED, COMPLETED, VACANT, CARRIED),
        None,
    ),
    "task.report_duty_set": (ANSWERED, None),
    "task.report_missed": (ANSWERED, None),
    "task.paper_missed": ((RUNS, CLAIMED, VACANT), None),
    "task.obstacle_raised": ((RUNS,), None),
    "task.obstacle_resolved": (ANSWERED, None),
    "task.reminder_issued": (ANSWERED, None),
    "task.reminder_answered": (ANSWERED, None),
    "task.solution_proposed": ((RUNS,), None),
    "task.solution_approved": (ANSWERED, None),
    "task.solution_rejected": (ANSWERED, None),
    "task.part_delegated": ((RUNS,), None),
    "task.part_reported": ((RUNS,), None),
    "task.part_closed": ((RUNS,), None),
    "task.collective_bound": ((RUNS,), None),
    "task.responsibility_found": ((RUNS, CLAIMED, COMPLETED, VACANT, CARRIED), None),
    "task.responsibility_proposed": ((RUNS, CLAIMED, COMPLETED, VACANT, CARRIED), None),
    "task.responsibility_decided": ((RUNS, CLAIMED, COMPLETED, VACANT, CARRIED), None),
    "task.responsibility_dropped": ((RUNS, CLAIMED, COMPLETED, VACANT, CARRIED), None),
    "task.handover_offered": ((RUNS,), None),
    "task.handover_declined": ((RUNS,), None),
    "task.handed_over": ((RUNS,), RUNS),
    "task.transferred": ((RUNS,), RUNS),
    "task.vacated": ((RUNS,), VACANT),
    "task.vacancy_filled": ((VACANT,), RUNS),
    "task.co_accountable_added": ((RUNS,), None),
    "task.co_accountable_released": ((RUNS, CLAIMED, VACANT), None),
    "task.co_accountability_handed_over": ((RUNS, CLAIMED, VACANT), None),
    "task.completion_claimed": ((RUNS,), CLAIMED),
    "task.completion_returned": ((CLAIMED,), RUNS),
    "task.completion_confirmed": ((CLAIMED,), COMPLETED),
    "task.scored": ((COMPLETED,), None),
    "task.cancelled": ((REGISTERED, READY, RUNS, CLAIMED, VACANT), CANCELLED),
    "task.carried_over": ((RUNS, VACANT), CARRIED),
    "task.year_opened": ((RUNS,), None),
}
REPORTS = ("task.progress_reported", "task.partial_result_recorded", "task.case_recorded")
BESIDE = (
    "task.co_accountable_added",
    "task.co_accountable_released",
    "task.co_accountability_handed_over",
)
# What says of whom it is otherwise than by the lead, the post and the unit.
NAMING_OTHERS = (
    "task.registered",
    "task.commissioned",
    "task.continued",
    "task.assigned",
    "task.vacancy_filled",
    "task.corrected",
    "task.responsibility_found",
    "task.objective_cause_confirmed",
    "task.report_missed",
    "task.paper_missed",
    "task.responsibility_proposed",
    "task.responsibility_decided",
    "task.responsibility_dropped",
    *BESIDE,
)


class Place(NamedTuple):
    """An official in a post of a unit; nobody yet, or any more, where there is none."""

    who: str
    post: str
    unit: str


NOBODY = ""
NO_PLACE = Place(NOBODY, NOBODY, NOBODY)


@dataclass
class Told:
    """What the events so far tell: the state, who leads since when, who answers beside."""

    state: str = NEW
    lead: Place = NO_PLACE
    since: str = ""
    claimed_on: str = ""
    due_on: str | None = None
    offered_to: str | None = None
    beside: dict[str, tuple[Place, str]] = field(default_factory=dict)
    over: list[tuple[Place, str, str | None, int]] = field(default_factory=list)
    _running: tuple[Place, str, int] | None = None
    _helping: dict[str, tuple[Place, str, int]] = field(default_factory=dict)

    def rules_of(self, fact: Fact) -> Iterator[str]:
        """The rules that the next event breaks."""
        states, _ = CHANGES.get(fact.type, ((), None))
        if self.state not in states:
            yield f"{fact.type} is possible"
            return
        yield from self._names(fact)
        if fact.type in BESIDE:
            yield from self._beside(fact)
        elif fact.type in {"task.handed_over", "task.transferred", "task.vacated"} or (
            fact.type == "task.carried_over" and self.state == RUNS
        ):
            if fact.on <= self.since:
                yield "whoever leads does so for a day"
            if fact.said.get("to_official") == self.lead.who and fact.type == "task.handed_over":
                yield "a task goes to another"
        if fact.type == "task.completion_confirmed" and (
            fact.said["completed_on"] != self.claimed_on
        ):
            yield "a task is completed on the day claimed"
        late = {"task.responsibility_found", "task.responsibility_proposed"}
        if fact.type in late and fact.said["due_on"] != self.due_on:
            yield "the deadline missed is that of the task"
        yield from self._offers(fact)

    def _names(self, fact: Fact) -> Iterator[str]:
        said = fact.said
        if fact.type in NAMING_OTHERS:
            return
        who = said.get("official_id") or said.get("from_official") or NOBODY
        post = said.get("from_post") or said["post_id"]
        named = Place(who, post, said.get("from_unit") or said["unit_id"])
        beside = [place for place, _ in self.beside.values()]
        if named != self.lead and not (fact.type in REPORTS and named in beside):
            yield "an event names whoever leads"

    def _offers(self, fact: Fact) -> Iterator[str]:
        to = fact.said.get("to_official")
        if fact.type == "task.handover_offered" and self.offered_to is not None:
            yield "one handover is offered at a time"
        elif fact.type == "task.handover_declined" and self.offered_to != to:
            yield "what is declined was offered"
        elif (
            fact.type == "task.handed_over"
            and fact.said["decided_by"] is None
            and self.offered_to != to
        ):
            yield "what is accepted was offered"

    def _beside(self, fact: Fact) -> Iterator[str]:
        said = fact.said
        comes = said.get("to_official")
        goes = said.get("from_official")
        if fact.type == "task.co_accountable_added":
            comes = said["official_id"]
        elif fact.type == "task.co_accountable_released":
            goes = said["official_id"]
        if comes is not None and (comes == self.lead.who or comes in self.beside):
            yield "whoever answers beside does not answer already"
        if goes is not None:
            place, since = self.beside.get(goes, (None, ""))
            if place != Place(goes, said["post_id"], said["unit_id"]):
                yield "whoever ends answering beside did so"
            elif fact.on <= since:
                yield "whoever answers beside does so for a day"

    def take(self, fact: Fact) -> None:  # noqa: C901, PLR0912  one case a type
        """Go on to what holds after the event."""
        said, on = fact.said, fact.on
        _, after = CHANGES.get(fact.type, ((), None))
        match fact.type:
            case "task.registered" | "task.assigned" | "task.vacancy_filled":
                self._led(Place(said["official_id"], said["post_id"], said["unit_id"]), on)
            case "task.commissioned" | "task.continued":
                self._led(Place(NOBODY, said["post_id"], said["unit_id"]), on)
            case "task.approved" | "task.vacated":
                self.lead = self.lead._replace(who=NOBODY)
            case "task.handed_over":
                self._led(Place(said["to_official"], said["post_id"], said["unit_id"]), on)
            case "task.transferred":
                self._led(Place(said["to_official"], said["to_post"], said["to_unit"]), on)
            case "task.handover_offered":
                self.offered_to = said["to_official"]
            case "task.handover_declined":
                self.offered_to = None
            case "task.completion_claimed":
                self.claimed_on = on
            case "task.co_accountable_added":
                self._comes(said["official_id"], fact)
            case "task.co_accountable_released":
                self._goes(said["official_id"], on)
            case "task.co_accountability_handed_over":
                self._goes(said["from_official"], on)
                self._comes(said["to_official"], fact)
            case _:
                pass
        if fact.type == "task.assigned":
            self.due_on = said["due_on"]
        elif fact.type == "task.revised":
            self.due_on = said["due_on"] or self.due_on
        if after is not None:
            self.state = after
            self._note_running(fact)

    def _led(self, place: Place, on: str) -> None:
        self.lead, self.since, self.offered_to = place, on, None
        if self.state != NEW:
            self._goes(place.who, on)

    def _comes(self, who: str, fact: Fact) -> None:
        place = Place(who, fact.said["post_id"], fact.said["unit_id"])
        self.beside[who] = (place, fact.on)
        self._helping[who] = (place, fact.on, fact.position)

    def _goes(self, who: str, on: str) -> None:
        self.beside.pop(who, None)
        helping = self._helping.pop(who, None)
        if helping is not None:
            place, since, position = helping
            self.over.append((place, since, on, position))

    def _note_running(self, fact: Fact) -> None:
        if self._running is not None:
            place, since, position = self._running
            self.over.append((place, since, fact.on, position))
        self._running = (self.lead, fact.on, fact.position) if self.state == RUNS else None
        if self.state in {COMPLETED, CANCELLED, CARRIED}:
            for who in [*self._helping]:
                self._goes(who, fact.on)

    def stretches(self) -> Iterator[tuple[Place, str, str | None, int]]:
        """Who answers from which day until which, and the position that says so.

        A task of which completion is claimed stays with its claimant, who may have left.
        """
        for place, since, until, position in self.over:
            if since != until:
                yield place, since, until, position
        for place, since, position in filter(None, [self._running, *self._helping.values()]):
            yield place, since, None, position
