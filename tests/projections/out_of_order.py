"""Lives recorded in any order: late, ahead of what comes before, annulled, replaced.

What could not be folded after what is recorded waits, as a command would be refused and given
again.
"""

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import chain
from random import Random
from typing import Any

from hypothesis import strategies as st

from domain.kernel import Event
from domain.organisation.events import OfficialErased
from domain.tasks.changes import TaskCorrected
from domain.timeline import EventsAnnulled
from projections import PROJECTIONS
from projections.folding import FoldFailed
from projections.lives import rows_of
from projections.projection import FOREVER, Projection, RecordedEvent, Row
from tests.examples.freeze import domain_events, example_path
from tests.projections.appraised_lives import papers_given
from tests.projections.commune_lives import territories
from tests.projections.lives import histories

FIRST_DAY = date(2021, 1, 4)
CITED = json.dumps({"number": "30-QĐ/TU", "issued_on": "2021-01-01", "issuing_body": "u1"})
NOTHING = 10**6


@dataclass(repr=False)
class Record:
    """A log: what is recorded in one append, and what of it counts.

    Attributes:
        appends: in order.
        events: all of them, by position.
        positions: of the events as they were drawn.
        annulled: the positions that an annulment names.
        places: where those stand that replace others.
        lives: of every tag, as folds read them.
    """

    appends: list[list[Event]] = field(default_factory=list)
    events: dict[int, Event] = field(default_factory=dict)
    positions: dict[int, int] = field(default_factory=dict)
    annulled: set[int] = field(default_factory=set)
    places: dict[int, tuple[date, int]] = field(default_factory=dict)
    lives: dict[str, list[RecordedEvent]] = field(default_factory=dict)

    def __repr__(self) -> str:
        """What is told where a test fails; the whole record would be too long."""
        days = (f"{at} {event.TYPE} {event.effective_on}" for at, event in self.events.items())
        return "\n".join(("Record", *days))

    def append(self, *events: Event) -> bool:
        """Record the events if they can follow; whether that is so."""
        more = dict(enumerate(events, len(self.events) + 1))
        lives = {of: [*self.lives.get(of, ()), *life] for of, life in read(more).items()}
        if not all(map(possible, lives.values())):
            return False
        self.events |= more
        self.lives |= lives
        self.appends.append([*events])
        return True

    def annul(self, position: int, *instead: Event) -> bool:
        tagged = [label for one in (self.events[position], *instead) for label in one.tags()]
        on = self.events[position].effective_on
        place = self._place(position, on)
        annulment = EventsAnnulled(
            effective_on=on,
            place=place,
            positions=(position,),
            tagged=tuple(dict.fromkeys(tagged)),
            replacements=len(instead),
            annulled_by=None,
            reason="nhầm",
        )
        if not self.append(annulment, *instead):
            return False
        self.annulled.add(position)
        for number, _ in enumerate(instead):
            self.places[len(self.events) - number] = (on, place)
        return True

    def _place(self, position: int, on: date) -> int:
        """Where the event stands on its day."""
        day, place = self.places.get(position, (on, position))
        return place if day == on else position

    def in_order(self) -> list[Event]:
        """What counts, as it would have been recorded in time."""
        counting = [
            (event.effective_on, self._place(position, event.effective_on), position, event)
            for position, event in self.events.items()
            if position not in self.annulled and not isinstance(event, EventsAnnulled)
        ]
        ordered = sorted(counting, key=lambda one: (not one[3].FROM_THE_BEGINNING, *one[:3]))
        now = {position: number for number, (*_, position, _) in enumerate(ordered)}
        events = [event for *_, event in ordered]
        for *_, position, event in ordered:
            if isinstance(event, TaskCorrected):
                events[now[position]] = self._numbered(event, now, events)
        return events

    def _numbered(
        self, event: TaskCorrected, now: Mapping[int, int], events: Sequence[Event]
    ) -> TaskCorrected:
        """The correction with the ordinal that what it corrects has now; none if annulled."""
        own = [at for at, one in self.events.items() if _own(one, event.task_id)]
        corrected = now.get(own[event.sequence - 1])
        if corrected is None:
            return event.model_copy(update={"sequence": NOTHING})
        ordinal = sum(_own(one, event.task_id) for one in events[: corrected + 1])
        return event.model_copy(update={"sequence": ordinal})


def tag(event: Event) -> str:
    """The thing that the event is of."""
    return event.tags()[0]


def _own(event: Event, task_id: str) -> bool:
    return not isinstance(event, EventsAnnulled) and tag(event) == f"task:{task_id}"


def read(events: Mapping[int, Event]) -> dict[str, list[RecordedEvent]]:
    """The lives of all things, and the annulments in each that they concern."""
    lives: defaultdict[str, list[RecordedEvent]] = defaultdict(list)
    for position, event in events.items():
        one = RecordedEvent(position, event.TYPE, event.model_dump(mode="json"), CITED)
        for of in event.tags() if isinstance(event, EventsAnnulled) else (tag(event),):
            lives[of].append(one)
    return lives


def possible(life: Sequence[RecordedEvent]) -> bool:
    """Whether every projection can fold the life, so that of each thing one row at most is open."""
    try:
        for projection in PROJECTIONS:
            made = rows(projection, life)
            opened = [projection.thing(row) for row in made if row[projection.until] == FOREVER]
            if len(opened) > len({*opened}):
                return False
    except FoldFailed:
        return False
    return True


def rows(projection: Projection, life: Sequence[RecordedEvent]) -> list[Row]:
    """The rows of the life; none if the projection is of other things."""
    folded = [event for event in life if event.type in {*projection.folds, EventsAnnulled.TYPE}]
    own = any(event.type in projection.folds for event in folded)
    return rows_of(projection, folded) if own else []


# Corrections and annulments name events; of an erased person nothing more is taken in.
APART = frozenset({EventsAnnulled, TaskCorrected, OfficialErased})


def every_event() -> list[Event]:
    """An event of every type, all of them of the same things."""
    return [
        event.model_validate_json(example_path(kind, event.VERSION).read_bytes())
        for kind, event in sorted(domain_events().items())
        if event not in APART
    ]


@st.composite
def of_every_type(draw: st.DrawFn) -> list[Event]:
    """Events of any type, mostly twice, on any days: of each as many as can follow."""
    chance = draw(st.randoms(use_true_random=False))
    return [
        event.model_copy(update={"effective_on": FIRST_DAY + timedelta(chance.randrange(40))})
        for event in every_event() * 2
    ]


@st.composite
def records(draw: st.DrawFn, lives: st.SearchStrategy[list[Event]]) -> Record:
    """The lives recorded in any order, with annulments and replacements thrown in."""
    events = draw(lives)
    chance = draw(st.randoms(use_true_random=False))
    record = Record()
    waiting = [*range(len(events))]
    chance.shuffle(waiting)
    while waiting:
        left = [number for number in waiting if not _recorded(record, events, number)]
        if left == waiting:
            break
        waiting = left
        _put_right(record, chance)
    return record


def _recorded(record: Record, events: Sequence[Event], number: int) -> bool:
    event = events[number]
    if isinstance(event, TaskCorrected):
        corrected = _corrected(events, event)
        if corrected not in record.positions:
            return False
        own = [at for at, one in record.events.items() if _own(one, event.task_id)]
        ordinal = own.index(record.positions[corrected]) + 1
        event = event.model_copy(update={"sequence": ordinal})
    if not record.append(event):
        return False
    record.positions[number] = len(record.events)
    return True


def _corrected(events: Sequence[Event], event: TaskCorrected) -> int:
    """Which of the events as they were drawn is corrected."""
    own = [number for number, one in enumerate(events) if _own(one, event.task_id)]
    return own[event.sequence - 1]


def _put_right(record: Record, chance: Random) -> None:
    """Annul or replace something, now and then."""
    for position, event in [*record.events.items()]:
        if (
            isinstance(event, EventsAnnulled)
            or position in record.annulled
            or chance.random() < 0.8
        ):
            continue
        instead: list[Event] = []
        if chance.random() < 0.7 and not isinstance(event, TaskCorrected):
            day = event.effective_on + timedelta(chance.choice([-30, -1, 0, 0, 1, 60]))
            instead = [event.model_copy(update={"effective_on": day})]
        record.annul(position, *instead)


LIVES = st.one_of(
    histories(),
    territories(),
    of_every_type(),
    st.tuples(histories(), territories()).map(lambda found: [*chain(*found)]),
)
RECORDS = records(LIVES)
# Of these there are few among lives of every type.
RECORDS_OF_PAPERS = records(papers_given())


def without_positions(value: Any) -> Any:
    """The same without what names a place in the log."""
    if isinstance(value, Mapping):
        return {
            name: without_positions(one)
            for name, one in value.items()
            if name not in {"position", "link"} and not name.endswith("_position")
        }
    return [*map(without_positions, value)] if isinstance(value, list) else value
