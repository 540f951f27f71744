"""Products: what the log knows of the tasks for which an official answered in a period.

A task is a product of the period if it was due in it or completed in it. It is the product of
whoever led it when it was completed, or on the last day of the period.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Any, Generic, NamedTuple, TypeAlias

from domain.regulations.vocabulary_1.evidence import Product
from domain.tasks.changes import ObjectiveCauseConfirmed, Occurrence, TaskCarriedOver, TaskRevised
from domain.tasks.events import (
    CompletionConfirmed,
    CompletionReturned,
    TaskAssigned,
    TaskCancelled,
    TaskEvent,
)
from domain.tasks.leadership import LEADERSHIP, NAMED_IN, Lead, lead_in
from domain.timeline import D, Entry

# The fields of an event: its own, or as the log's JSON has them in the current version.
Fields: TypeAlias = Mapping[str, Any]

# What is anything to a rating of what happens to a task.
PRODUCT_EVENTS: tuple[type[TaskEvent], ...] = (
    *LEADERSHIP,
    TaskRevised,
    CompletionReturned,
    ObjectiveCauseConfirmed,
)


class Span(NamedTuple):
    """The days of a cycle, both included."""

    from_on: date
    to_on: date

    def __contains__(self, on: object) -> bool:
        return isinstance(on, date) and self.from_on <= on <= self.to_on


# What happened to a task: the day, where it stands among those of the day, the position, the type
# of its event and what that says.
Happening: TypeAlias = tuple[D, int, int, str, Fields]


class Products(NamedTuple):
    """The products of a span by who led their tasks, each by the ids of the tasks."""

    of_officials: Mapping[str, tuple[Product, ...]]
    of_units: Mapping[str, tuple[Product, ...]]


@dataclass(slots=True)
class _Task(Generic[D]):
    """One task as it was on the last day of the span."""

    from_on: D
    to_on: D
    led_by: tuple[str, str, str] | None = None
    weight: Fraction = Fraction(1)
    due_on: D | None = None
    completed_on: D | None = None
    cancelled: bool = False
    exceeded: bool = False
    missed: tuple[D, ...] = ()
    returned: tuple[D, ...] = ()
    failed: tuple[D, ...] = ()
    causes: frozenset[tuple[Occurrence, D]] = frozenset()
    positions: tuple[int, ...] = ()

    def take(self, happened: Iterable[Happening[D]]) -> None:
        """Fold what happened by the last day, and what is known later of what was done by then."""
        to_on = self.to_on
        looked_at: list[int] = []
        for on, _, position, kind, fields in happened:
            # These two happen to nearly every task, and are folded without a call.
            if kind == _CONFIRMED:
                # What was done within the span counts, though it is confirmed after it.
                completed_on = fields["completed_on"]
                if completed_on > to_on:
                    continue
                self.completed_on, self.exceeded = completed_on, fields["exceeded"]
            elif on > to_on and kind != _EXCUSED:
                continue
            elif kind == _ASSIGNED:
                # Somebody leads it, by a weight and a day that are fixed with it.
                self.weight, self.due_on = _exact(fields["conversion_weight"]), fields["due_on"]
                self.led_by = _ASSIGNED_TO(fields)
            elif not _FOLDS[kind](self, on, kind, fields):
                continue
            looked_at.append(position)
        self.positions = tuple(looked_at)

    def excused(self, _on: D, _kind: str, fields: Fields) -> bool:
        """An objective cause is confirmed; that of a report is nothing to a product."""
        if fields["occurrence"] == "missed_report":
            return False
        self.causes |= {(fields["occurrence"], fields["occurred_on"])}
        return True

    def led(self, _on: D, kind: str, fields: Fields) -> bool:
        """Another leads it, or nobody."""
        lead = lead_in(kind, fields)
        self.led_by = lead if isinstance(lead, Lead) else None
        return True

    def revised(self, on: D, _kind: str, fields: Fields) -> bool:
        """A day of the span that has passed is missed, whatever day comes after it."""
        if self._is_within(self.due_on):
            self._missed_by(on)
        self.due_on = fields["due_on"] or self.due_on
        return True

    def claim_returned(self, on: D, _kind: str, fields: Fields) -> bool:
        """The claim that it is completed is returned, perhaps for what it says."""
        self.returned += (on,)
        if fields["content_failure"]:
            self.failed += (on,)
        return True

    def ended(self, _on: D, kind: str, _fields: Fields) -> bool:
        """It is cancelled, or goes on as another; whoever led it last did so until then."""
        self.cancelled = kind == TaskCancelled.TYPE
        return True

    def _is_within(self, on: D | None) -> bool:
        return on is not None and self.from_on <= on <= self.to_on

    def _missed_by(self, on: D) -> None:
        if self.due_on is not None and on > self.due_on and self.due_on not in self.missed:
            self.missed += (self.due_on,)

    def product(self) -> Product | None:
        """The product, if the task is one of the span."""
        due_on, completed_on = self.due_on, self.completed_on
        is_of_span = self._is_within(due_on) or self._is_within(completed_on)
        if self.led_by is None or self.cancelled or not is_of_span:
            return None
        self._missed_by(completed_on or self.to_on)
        missed, returned, failed = self.missed, self.returned, self.failed
        return Product(
            self.weight,
            completed_on is not None,
            self.exceeded,
            len(missed),
            self._excused("missed_deadline", missed) if missed else 0,
            len(returned),
            self._excused("returned_claim", returned) if returned else 0,
            len(failed),
            self._excused("returned_claim", failed) if failed else 0,
            self.positions,
        )

    def _excused(self, kind: Occurrence, days: Iterable[D]) -> int:
        """For how many of these days a cause is confirmed."""
        return sum((kind, day) in self.causes for day in days)


# Of most tasks the weight is the same few.
_exact: Callable[[Decimal | str], Fraction] = lru_cache(maxsize=256)(Fraction)


_ASSIGNED, _CONFIRMED = TaskAssigned.TYPE, CompletionConfirmed.TYPE
_EXCUSED = ObjectiveCauseConfirmed.TYPE
_ASSIGNED_TO = NAMED_IN[_ASSIGNED]
# How every other is folded: whether it is anything to a rating.
_FOLDS: Mapping[str, Callable[[_Task[Any], Any, str, Fields], bool]] = {
    **{event.TYPE: _Task.led for event in LEADERSHIP},
    TaskRevised.TYPE: _Task.revised,
    CompletionReturned.TYPE: _Task.claim_returned,
    TaskCancelled.TYPE: _Task.ended,
    TaskCarriedOver.TYPE: _Task.ended,
    _EXCUSED: _Task.excused,
}


def happenings(entries: Iterable[Entry]) -> dict[str, list[Happening[date]]]:
    """What happened to each task that is anything to a rating, of a timeline."""
    found: dict[str, list[Happening[date]]] = defaultdict(list)
    for entry in entries:
        event = entry.event
        if isinstance(event, PRODUCT_EVENTS):
            found[event.task_id].append((*entry.at, event.TYPE, vars(event)))
    return found


def products(from_on: D, to_on: D, happened: Mapping[str, Iterable[Happening[D]]]) -> Products:
    """The products of the span.

    Args:
        from_on: the first day of the cycle.
        to_on: the last.
        happened: to each task that the officials or units ever led, in the order of the timeline;
            of the types in `PRODUCT_EVENTS`.
    """
    of_officials: dict[str, list[Product]] = defaultdict(list)
    of_units: dict[str, list[Product]] = defaultdict(list)
    for task_id in sorted(happened):
        task = _Task(from_on, to_on)
        task.take(happened[task_id])
        product = task.product()
        if task.led_by is not None and product is not None:
            official_id, _, unit_id = task.led_by
            of_officials[official_id].append(product)
            of_units[unit_id].append(product)
    return Products(_fixed(of_officials), _fixed(of_units))


def _fixed(found: Mapping[str, Sequence[Product]]) -> Mapping[str, tuple[Product, ...]]:
    return {name: tuple(of_name) for name, of_name in found.items()}
