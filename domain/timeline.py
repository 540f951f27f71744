"""Timeline: the events of a thing less those annulled, ordered by effective day.

The log is ordered by recording and never changes. What an annulment names counts no more, from the
beginning; what is recorded in its place stands, within its day, where that stood.
"""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Annotated, ClassVar, NamedTuple

from pydantic import Field, StrictInt

from domain.kernel import Event
from domain.values import Line, LogPosition, Text, UnitId


class EventsAnnulled(Event):
    """The events at these positions count no more, from the beginning.

    It carries every tag of what it annuls and of what is recorded instead, so it stands in each of
    their histories and boundaries. The `replacements` events right after it in the log are recorded
    in their place. `effective_on` is the first day of what it annuls.
    """

    TYPE: ClassVar[str] = "event.annulled"

    positions: Annotated[tuple[LogPosition, ...], Field(min_length=1)]
    tagged: tuple[Line, ...]
    replacements: Annotated[StrictInt, Field(ge=0)]
    annulled_by: UnitId | None
    reason: Text

    def tags(self) -> list[str]:
        return list(dict.fromkeys((*self.tagged, *super().tags())))


class Annulments:
    """Which events count no more, and where those stand that were recorded in their place.

    Annulments are noted in the order of the log.
    """

    def __init__(self) -> None:
        self._annulled: dict[int, int] = {}
        self._places: dict[int, int] = {}

    def note(self, position: int, annulled: Sequence[int], replacements: int) -> None:
        """Note the annulment at `position`."""
        self._annulled.update(dict.fromkeys(annulled, position))
        place = self.place_of_all(annulled)
        self._places.update((position + 1 + nth, place) for nth in range(replacements))

    def __contains__(self, position: int) -> bool:
        return position in self._annulled

    def by(self, position: int) -> int | None:
        """The position of the annulment that names the event, if one does."""
        return self._annulled.get(position)

    def place(self, position: int) -> int:
        """Where the event stands among those of its day."""
        return self._places.get(position, position)

    def place_of_all(self, positions: Sequence[int]) -> int:
        """Where that stands which takes the place of all of these: at the first of them."""
        return min(map(self.place, positions))


class Moment(NamedTuple):
    """Where an event stands in a timeline."""

    on: date
    place: int
    position: int


class Entry(NamedTuple):
    """An event in a timeline, and where it stands."""

    at: Moment
    event: Event


def moment(event: Event, place: int, position: int) -> Moment:
    """Where the event stands: by its day, and within the day by its place."""
    return Moment(date.min if event.FROM_THE_BEGINNING else event.effective_on, place, position)


def annulments(recorded: Mapping[int, Event]) -> Annulments:
    """The annulments among these events, which are in the order of the log."""
    noted = Annulments()
    for position, event in recorded.items():
        if isinstance(event, EventsAnnulled):
            noted.note(position, event.positions, event.replacements)
    return noted


def timeline(recorded: Mapping[int, Event]) -> list[Entry]:
    """The timeline of these events, by position and in the order of the log."""
    noted = annulments(recorded)
    return sorted(
        (
            Entry(moment(event, noted.place(position), position), event)
            for position, event in recorded.items()
            if position not in noted and not isinstance(event, EventsAnnulled)
        ),
        key=lambda entry: entry.at,
    )


def until(entries: Sequence[Entry], on: date, place: float) -> Iterator[Event]:
    """The events of a timeline before that place of that day."""
    return (entry.event for entry in entries if (entry.at.on, entry.at.place) < (on, place))
