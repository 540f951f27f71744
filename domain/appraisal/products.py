"""Products: what the log knows of the tasks for which an official answered in a period.

A task is a product of the period if it was due in it or completed in it. It is the product of
whoever led it when it was completed, or on the last day of the period.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
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
from domain.tasks.leadership import LEADERSHIP, Lead, lead_in
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


class Happening(NamedTuple, Generic[D]):
    """What happened to a task, where it stands in the timeline, and what its event says."""

    on: D
    place: int
    position: int
    type: str
    fields: Fields


class Products(NamedTuple):
    """The products of a span by who led their tasks, each by the ids of the tasks."""

    of_officials: Mapping[str, tuple[Product, ...]]
    of_units: Mapping[str, tuple[Product, ...]]


@dataclass(slots=True)
class _Task(Generic[D]):
    """One task as it was on the last day of the span."""

    from_on: D
    to_on: D
    lead: Lead | None = None
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

    def take(self, happening: Happening[D]) -> None:
        """Fold what happened by the last day; a cause may be confirmed later."""
        on, _, position, kind, fields = happening
        if kind == CompletionConfirmed.TYPE:
            # What was done within the span counts, though it is confirmed after it.
            if fields["completed_on"] > self.to_on:
                return
            self.completed_on, self.exceeded = fields["completed_on"], fields["exceeded"]
        elif kind == ObjectiveCauseConfirmed.TYPE:
            if fields["occurrence"] == "missed_report":
                return
            self.causes |= {(fields["occurrence"], fields["occurred_on"])}
        elif on > self.to_on or not self._fold(on, kind, fields):
            return
        self.positions += (position,)

    def _fold(self, on: D, kind: str, fields: Fields) -> bool:
        """Whether it is anything to a rating."""
        lead = lead_in(kind, fields)
        match kind:
            case TaskAssigned.TYPE:
                self.weight = _exact(fields["conversion_weight"])
                self.due_on = fields["due_on"]
            case TaskRevised.TYPE:
                if self._is_within(self.due_on):
                    self._missed_by(on)
                self.due_on = fields["due_on"] or self.due_on
                return True
            case CompletionReturned.TYPE:
                self.returned += (on,)
                if fields["content_failure"]:
                    self.failed += (on,)
                return True
            case TaskCancelled.TYPE | TaskCarriedOver.TYPE:
                self.cancelled = kind == TaskCancelled.TYPE
                return True
            case _ if lead is None:
                return False
            case _:
                pass
        self.lead = lead if isinstance(lead, Lead) else None
        return True

    def _is_within(self, on: D | None) -> bool:
        return on is not None and self.from_on <= on <= self.to_on

    def _missed_by(self, on: D) -> None:
        if self.due_on is not None and on > self.due_on and self.due_on not in self.missed:
            self.missed += (self.due_on,)

    def product(self) -> Product | None:
        """The product, if the task is one of the span."""
        due_on, completed_on = self.due_on, self.completed_on
        is_of_span = due_on is not None and self.from_on <= due_on <= self.to_on
        if not is_of_span and not self._is_within(completed_on):
            return None
        if self.cancelled:
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


def happenings(entries: Iterable[Entry]) -> Iterator[Happening[date]]:
    """What happened to tasks, of a timeline."""
    for entry in entries:
        if isinstance(entry.event, TaskEvent):
            yield Happening(*entry.at, entry.event.TYPE, vars(entry.event))


def products(from_on: D, to_on: D, happened: Iterable[Happening[D]]) -> Products:
    """The products of the span.

    Args:
        from_on: the first day of the cycle.
        to_on: the last.
        happened: to the tasks that the officials or units ever led, in the order of the timeline.
    """
    tasks: dict[str, _Task[D]] = {}
    for happening in happened:
        task_id = happening.fields["task_id"]
        task = tasks.get(task_id)
        if task is None:
            task = tasks[task_id] = _Task(from_on, to_on)
        task.take(happening)
    of_officials: dict[str, list[Product]] = defaultdict(list)
    of_units: dict[str, list[Product]] = defaultdict(list)
    for _, task in sorted(tasks.items()):
        lead = task.lead
        product = None if lead is None else task.product()
        if lead is not None and product is not None:
            of_officials[lead.official_id].append(product)
            of_units[lead.unit_id].append(product)
    return Products(_fixed(of_officials), _fixed(of_units))


def _fixed(found: Mapping[str, Sequence[Product]]) -> Mapping[str, tuple[Product, ...]]:
    return {name: tuple(of_name) for name, of_name in found.items()}
