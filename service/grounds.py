"""Grounds: what ratings stand on, read from the log: until nothing that is seen names more."""

import asyncio
from asyncio import Task
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from itertools import compress, islice, pairwise
from operator import not_

from eventsourcing.dcb.domain import Selector

from domain.appraisal.cohort import OF_TASKS, Cohort, Units
from domain.appraisal.derivation import Question
from domain.kernel import Event
from service.components import Service
from service.garbage import seldom_collected
from service.log.codec import StoredEvent, fields_of
from service.log.events import Selected
from service.off_loop import off_loop
from service.read_set import query

# So many officials are derived together; what their ratings stand on is in memory meanwhile.
TOGETHER = 200
# Of the first part there are fewer, so that it is soon worked on.
AT_FIRST = 50
# Meanwhile that of so many more parts is read, so that the database does not stand still.
AHEAD = 2
# Cycles of objects are looked for once so many things are made: what is read is in none.
THINGS_BETWEEN_COLLECTIONS = 200_000


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
    While one part is worked on, the next ones are read.
    """
    units = Units()
    many = len(questions)
    bounds = [0, *range(AT_FIRST, many, TOGETHER), many] if many else []
    waiting = (
        Cohort(questions[first:end], units, members=members) for first, end in pairwise(bounds)
    )
    with seldom_collected(THINGS_BETWEEN_COLLECTIONS):
        async with asyncio.TaskGroup() as group:

            def reading(parts: int) -> list[Task[Cohort]]:
                following = islice(waiting, parts)
                return [group.create_task(_read(service, ledger, one, until)) for one in following]

            ahead = deque(reading(AHEAD))
            while ahead:
                cohort = await ahead.popleft()
                ahead += reading(1)
                yield cohort


async def _read(service: Service, ledger: str, cohort: Cohort, until: int | None) -> Cohort:
    """Read until nothing that is seen names more."""
    while unseen := cohort.unseen():
        selected = await service.log.selected(ledger, query(unseen), until)
        of_tasks = [kind in OF_TASKS for kind in selected.types]
        positions, *others = _only(selected, map(not_, of_tasks))
        events = await service.codec.decode_all(ledger, [*map(StoredEvent, *others)])
        cohort.take(dict(zip(positions, events, strict=True)))
        happened = _only(selected, of_tasks)
        await off_loop(len(of_tasks), _take_of_tasks, cohort, happened)
    return cohort


def _only(selected: Selected, those: Iterable[bool]) -> Selected:
    """Those of the events."""
    which = [*those]
    return Selected(
        [*compress(selected.positions, which)],
        [*compress(selected.types, which)],
        [*compress(selected.versions, which)],
        [*compress(selected.data, which)],
    )


def _take_of_tasks(cohort: Cohort, happened: Selected) -> None:
    fields = fields_of(happened.types, happened.versions, happened.data)
    cohort.take_of_tasks(zip(happened.positions, happened.types, fields, strict=True))
