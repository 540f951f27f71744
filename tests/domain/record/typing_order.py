"""Typing: a life's commands typed in any order, with slips, annulments and replacements.

What is refused is tried again later. What stays refused because of what counts from later days is
typed after that was annulled, and that is typed anew. Nothing is typed but commands.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import partial
from random import Random
from typing import Any

from domain.kernel import Actor, Command, Context, Event, Refusal
from domain.record.annulment import AnnulEvents, Annulment, Named, annulment
from domain.tasks.changes import TaskCorrected
from tests.domain.record.naive import KEPT_BEYOND_TENURE, breaches_of_history
from tests.domain.scenario import DECISION, MISTYPED, decide

# What is given by the order of recording.
NUMBERS = ("number", "revision", "sequence", "request")
# How a unit was before, as it was known when its change was recorded: read by nobody.
AS_KNOWN = ("former_name", "former_kind", "former_code", "former_parent_id")
# Of a rating, where in the log that stands which was looked at; of an objection, the rating.
BY_POSITION = ("stands_on", "tree_sha256", "rating_position")
# What a command about a numbered matter records, and what opened the matter.
OPENED_BY: Mapping[str, str] = {
    "appraisal.objection_answered": "appraisal.objection_raised",
    "conduct.finding_replied": "conduct.finding_recorded",
    "conduct.replacement_decided": "conduct.replacement_proposed",
    "task.obstacle_resolved": "task.obstacle_raised",
    "task.reminder_answered": "task.reminder_issued",
    "task.responsibility_decided": "task.responsibility_proposed",
    "task.responsibility_dropped": "task.responsibility_proposed",
    "task.solution_approved": "task.solution_proposed",
    "task.solution_rejected": "task.solution_proposed",
    "task.part_reported": "task.part_delegated",
    "task.part_closed": "task.part_delegated",
    "task.revision_refused": "task.revision_requested",
    "task.revised": "task.revision_requested",
    "monitoring.replacement_answered": "monitoring.replacement_requested",
    "monitoring.recommendation_answered": "monitoring.recommendation_made",
}
SLIPS = (-40, -3, -1, 1, 3, 40)
MISTAKES = 8
PATIENCE = 60


@dataclass(frozen=True, eq=False)
class Call:
    """A command as it was given on its day, and what it recorded then."""

    verb: type[Command[Any]]
    ids: Sequence[str]
    by: Actor
    on: date
    body: str | None
    said: Mapping[str, Any]
    events: Sequence[Event] = ()

    def with_events(self, events: Sequence[Event]) -> "Call":
        return replace(self, events=events)

    def build(self, today: date, on: date, said: Mapping[str, Any]) -> Callable[[], Command[Any]]:
        context = Context(self.by, today, on, self.body, DECISION, organises=True)
        parameters = self.verb.PARAMETERS.model_validate(_stating(on, said))
        build: Any = self.verb
        return partial(build, context, parameters, *self.ids)


def _stating(on: date, said: Mapping[str, Any]) -> Mapping[str, Any]:
    """What is said; a regulation's file states the day and the document of the decision."""
    if "source" not in said:
        return said
    stated = {
        "effective_on": on,
        "number": DECISION.number,
        "issued_on": DECISION.issued_on,
        "issuing_body": DECISION.issuing_body,
    }
    source = said["source"]
    for name, value in stated.items():
        source = re.sub(rf"(?m)(\b{name}): .*$", rf"\1: {value}", source)
    return {**said, "source": source}


def unnumbered(events: Iterable[Event]) -> list[dict[str, Any]]:
    """What the events say, without what the order of recording makes of them."""
    left_out = {*NUMBERS, *AS_KNOWN, *BY_POSITION}
    return [{"type": one.TYPE, **one.model_dump(mode="json", exclude=left_out)} for one in events]


@dataclass
class Typist:
    """Types the calls of a life into a log that holds what was there before them.

    Attributes:
        there: what was there before, in order.
        calls: in the order of their days.
        reach: how many calls a call may overtake.
        history: the log.
        standing: of each call that is typed and not annulled, the positions of its events.
        wrong: the calls that stand with another day than their own.
        amid: the verbs that were recorded amid what counts from later days of the same things.
        done: how often something was annulled, replaced or typed anew.
        gathered: the verbs that recorded less or more than they do when all before is there.
    """

    there: Sequence[Event]
    calls: Sequence[Call]
    chance: Random
    reach: int
    history: list[Event] = field(default_factory=list)
    authors: list[tuple[str, str | None]] = field(default_factory=list)
    standing: dict[int, list[int]] = field(default_factory=dict)
    wrong: set[int] = field(default_factory=set)
    amid: set[type[Command[Any]]] = field(default_factory=set)
    done: Counter[str] = field(default_factory=Counter)
    gathered: set[type[Command[Any]]] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.history += self.there
        self.authors += [("client:registry", None)] * len(self.there)
        self.today = max(call.on for call in self.calls) + timedelta(30)

    def type_all(self) -> None:
        """Type until every call stands as it does in the life that was recorded in order."""
        while missing := self._missing():
            if not self._pass(missing):
                self._make_room()
        for _ in range(PATIENCE):
            stale = self._stale()
            if not stale:
                return
            self.gathered.add(self.calls[stale[0]].verb)
            if not self._types(stale[0]):
                self._make_room()
            while missing := self._missing():
                if not self._pass(missing):
                    self._make_room()
        raise AssertionError([self.calls[number] for number in self._stale()])

    def retype_each(self) -> None:
        """Replace every call by itself, while all that follows stands.

        Not a matter that is answered: replaced, it would have a number that no answer names. Nor
        what is corrected: the correction names the very event, and is replaced with it.
        """
        corrected = {
            (event.task_id, event.corrected_type)
            for call in self.calls
            for event in call.events
            if isinstance(event, TaskCorrected)
        }
        for number, call in enumerate(self.calls):
            opens = any(event.TYPE in OPENED_BY.values() for event in call.events)
            named = any((getattr(e, "task_id", ""), e.TYPE) in corrected for e in call.events)
            assert self._types(number) or opens or named, call

    def _missing(self) -> list[int]:
        """The calls that do not stand, or stand with a wrong day; shuffled."""
        numbers = {*range(len(self.calls))} - self.standing.keys() | self.wrong
        return sorted(numbers, key=lambda number: number + self.chance.randrange(self.reach))

    def _stale(self) -> list[int]:
        """The calls that recorded something else than they do when all before is there."""
        return [
            number
            for number, call in enumerate(self.calls)
            if number in self.standing
            and unnumbered(self._events(number)) != unnumbered(call.events)
        ]

    def _events(self, number: int) -> list[Event]:
        return [self.history[position - 1] for position in self.standing[number]]

    def _pass(self, missing: Sequence[int]) -> bool:
        """Try all that is missing, and now and then annul something; whether anything is new."""
        new = False
        for number in missing:
            slips = number not in self.standing and self._happens("slipped", 10)
            new |= self._slips(number) if slips else self._types(number)
            if self.standing and self._happens("annulled", 20):
                self._annul(self.chance.choice([*self.standing]))
        found = breaches_of_history(self.history)
        assert {breach.rule for breach in found} <= {KEPT_BEYOND_TENURE}, found
        return new

    def _happens(self, what: str, one_in: int) -> bool:
        """Whether that happens once more by mistake, and not for ever."""
        return self.done[what] < MISTAKES and not self.chance.randrange(one_in)

    def _slips(self, number: int) -> bool:
        """Type the call with a wrong day."""
        on = self.calls[number].on + timedelta(self.chance.choice(SLIPS))
        if not self._types(number, on):
            return False
        self.wrong.add(number)
        self.done["slipped"] += 1
        return True

    def _types(self, number: int, on: date | None = None) -> bool:
        """Type the call, in place of what stands of it; whether it is accepted."""
        call, replaced = self.calls[number], self.standing.get(number, [])
        said = self._said(number)
        if said is None:
            return False
        build, named = call.build(self.today, on or call.on, said), self._named(replaced)
        try:
            happens = decide(self.history, build, named)
        except Refusal:
            return False
        if not happens:
            return False
        self._append(build().context, named, happens)
        if replaced:
            self.done["replaced"] += 1
        first = len(self.history) - len(happens) + 1
        self.standing[number] = [*range(first, first + len(happens))]
        self.wrong.discard(number)
        if self._is_amid(happens):
            self.amid.add(call.verb)
        return True

    def _append(self, context: Context, named: Sequence[Named], happens: Sequence[Event]) -> None:
        if named:
            recorded = dict(enumerate(self.history, 1))
            self.history.append(annulment(context, named, MISTYPED, happens, recorded))
        self.history += happens
        new = len(self.history) - len(self.authors)
        self.authors += [(context.actor.id, context.on_behalf_of)] * new

    def _named(self, positions: Iterable[int]) -> list[Named]:
        return [Named(at, self.history[at - 1], *self.authors[at - 1]) for at in positions]

    def _is_amid(self, happens: Sequence[Event]) -> bool:
        tags = {tag for event in happens for tag in event.tags()}
        last = max(event.effective_on for event in happens)
        standing = (event for number in self.standing for event in self._events(number))
        return any(e.effective_on > last and not tags.isdisjoint(e.tags()) for e in standing)

    def _said(self, number: int) -> dict[str, Any] | None:
        """What the call says, with the numbers that things have here; None if one has none yet."""
        call = self.calls[number]
        said = dict(call.said)
        if "sequence" in said:
            [event] = call.events
            corrected = self._corrected(number, event.tags()[0], said["sequence"])
            if corrected is None:
                return None
            said["sequence"] = corrected
        elif "number" in said:
            opened = self._opened(number)
            if opened is None:
                return None
            said["number"] = opened
        return said

    def _opened(self, number: int) -> int | None:
        """The number that the matter has here which the call is about."""
        event: Any = self.calls[number].events[0]
        asked = self.calls[number].said["number"]
        for other, call in enumerate(self.calls):
            for nth, opening in enumerate(call.events):
                if (
                    OPENED_BY[event.TYPE] == opening.TYPE
                    and opening.tags()[0] == event.tags()[0]
                    and getattr(opening, "number", None) == asked
                ):
                    return self._field(other, nth, "number")
        raise AssertionError(event)

    def _field(self, number: int, nth: int, name: str) -> int | None:
        if number not in self.standing:
            return None
        value: int = getattr(self.history[self.standing[number][nth] - 1], name)
        return value

    def _corrected(self, number: int, tag: str, sequence: int) -> int | None:
        """The ordinal that the event has here which the call corrects."""
        own = [
            (other, nth)
            for other, call in enumerate(self.calls[:number])
            for nth, event in enumerate(call.events)
            if event.tags()[0] == tag
        ]
        other, nth = own[sequence - 1]
        if other not in self.standing or nth >= len(self.standing[other]):
            return None
        position = self.standing[other][nth]
        mine = [at for at, one in enumerate(self.history, 1) if one.tags()[:1] == [tag]]
        if not hasattr(self.history[position - 1], "task_id") or position not in mine:
            return None
        ordinals = [at for at in mine if hasattr(self.history[at - 1], "task_id")]
        return ordinals.index(position) + 1

    def _make_room(self) -> None:
        """Annul all from the day of the first call that is missing or stale, and type that."""
        first = min(*self._missing(), *self._stale(), len(self.calls))
        on = self.calls[first].on
        later = [
            (max(event.effective_on for event in self._events(number)), positions, number)
            for number, positions in self.standing.items()
        ]
        for day, _, number in sorted(later, reverse=True):
            if day >= on or number in self.wrong:
                assert self._annul(number), f"{self.calls[number]} can be annulled"
        assert self._types(first), f"{self.calls[first]} can be typed"
        self.done["typed anew"] += 1

    def _annul(self, number: int) -> bool:
        """Annul what stands of the call; whether that is accepted."""
        call, positions = self.calls[number], self.standing[number]
        named = self._named(positions)
        params = Annulment(positions=tuple(positions), reason=MISTYPED)
        context = Context(call.by, self.today, self.today, call.body, DECISION, organises=True)
        try:
            decide(self.history, partial(AnnulEvents, context, params), named)
        except Refusal:
            return False
        self._append(context, named, [])
        self.done["annulled"] += 1
        del self.standing[number]
        self.wrong.discard(number)
        return True
