"""Grounds: what ratings stand on, read from the log: until nothing that is seen names more."""

import asyncio
from asyncio import Task
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from itertools import zip_longest

from eventsourcing.dcb.domain import Selector

from domain.appraisal.cohort import OF_TASKS, Cohort
from domain.appraisal.derivation import Question
from domain.kernel import Event, Raw
from service.components import Service
from service.log.codec import StoredEvent, fields_of
from service.log.events import Selected
from service.off_loop import off_loop
from service.read_set import query

# So many officials are derived together; what their ratings stand on is in memory meanwhile.
TOGETHER = 250


async def selected(
    service: Service, ledger: str, selectors: Sequence[Selector], until: int | None = None
) -> dict[int, Event]:
    """The events that these select, by position, no later than `until`."""
    read = await service.sources.primary.boundary(ledger, query(list(selectors)))
    stored = [one for one in read.events if until is None or one.position <= until]
    events = await service.codec.decode_all(ledger, stored)
    return {one.position: event for one, event in zip(stored, events, strict=True)}


async def widened(
    service: Service,
    ledger: str,
    seeing: Callable[[Mapping[int, Event]], Iterable[Selector]],
    until: int | None = None,
) -> dict[int, Event]:
    """What is to be seen, as far as what is seen tells, in the order of the log."""
    recorded: dict[int, Event] = {}
    known: set[tuple[object, ...]] = set()
    while True:
        selectors = {_key(one): one for one in seeing(recorded)}
        new = [one for key, one in selectors.items() if key not in known]
        if not new:
            return dict(sorted(recorded.items()))
        known.update(selectors)
        recorded.update(await selected(service, ledger, new, until))


def _key(selector: Selector) -> tuple[object, ...]:
    return tuple(selector.types), tuple(selector.tags)


async def of_cohort(
    service: Service,
    ledger: str,
    questions: Sequence[Question],
    until: int | None = None,
    *,
    members: bool = False,
) -> AsyncIterator[Cohort]:
    """The officials part by part, each part with what its ratings stand on.

    With `members`, that is also what was decided of members of units that they head.
    While one part is worked on, the next is read.
    """
    cohorts = [
        Cohort(questions[first : first + TOGETHER], members=members)
        for first in range(0, len(questions), TOGETHER)
    ]
    async with asyncio.TaskGroup() as reading:
        ahead: Task[Cohort] | None = None
        for part, following in zip_longest(cohorts, cohorts[1:]):
            cohort = await (ahead or _read(service, ledger, part, until))
            if following is not None:
                ahead = reading.create_task(_read(service, ledger, following, until))
            yield cohort


async def _read(service: Service, ledger: str, cohort: Cohort, until: int | None) -> Cohort:
    """Read until nothing that is seen names more."""
    while unseen := cohort.unseen():
        selected = await service.log.selected(ledger, query(unseen), until)
        others = [
            StoredEvent(kind, version, data)
            for _, kind, version, data in zip(*selected, strict=True)
            if kind not in OF_TASKS
        ]
        positions = [
            position
            for position, kind in zip(selected.positions, selected.types, strict=True)
            if kind not in OF_TASKS
        ]
        events = await service.codec.decode_all(ledger, others)
        cohort.take(dict(zip(positions, events, strict=True)))
        await off_loop(len(selected.positions), cohort.take_of_tasks, _of_tasks(selected))
    return cohort


def _of_tasks(selected: Selected) -> Iterator[tuple[int, str, Raw]]:
    """What happened to tasks: its position, the type of the event and its fields."""
    for position, kind, version, data in zip(*selected, strict=True):
        if kind in OF_TASKS:
            yield position, kind, fields_of(kind, version, data)
