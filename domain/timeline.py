"""Timeline: the events of a thing less those annulled, ordered by effective day.

The log is ordered by recording and never changes. What an annulment names counts no more, from the
beginning; what is recorded in its place stands where that stood, if it is of the same day.
"""

from collections.abc import Mapping, Sequence
from datetime import date
from operator import attrgetter
from typing import Annotated, ClassVar, Generic, NamedTuple, TypeVar

from pydantic import Field, StrictInt

from domain.kernel import Event
from domain.values import Line, LogPosition, Text, UnitId


class EventsAnnulled(Event):
    """The events at these positions count no more, from the beginning.

    It carries every tag of what it annuls and of what is recorded instead, so it stands in each of
    their histories and boundaries. The `replacements` events right after it in the log are recorded
    in their place. `effective_on` is the first day of what it annuls, and `place` where on that day
    the first of it stood.
    """

    TYPE: ClassVar[str] = "event.annulled"
    VIETNAMESE: ClassVar[str] = "hủy bỏ ghi nhận"

    positions: Annotated[tuple[LogPosition, ...], Field(min_length=1)]
    tagged: tuple[Line, ...]
    replacements: Annotated[StrictInt, Field(ge=0)]
    place: LogPosition
    annulled_by: UnitId | None
    reason: Text

    def tags(self) -> list[str]:
        return list(dict.fromkeys((*self.tagged, *super().tags())))


# A day, or the ISO 8601 text of one.
D = TypeVar("D", date, str)


class Annulments(Generic[D]):
    """Which events count no more, and where those stand that were recorded in their place.

    Annulments are noted in the order of the log.
    """

    def __init__(self) -> None:
        self._annulled: dict[int, int] = {}
        self._places: dict[int, tuple[D, int]] = {}

    def note(
        self, position: int, annulled: Sequence[int], replacements: int, place: tuple[D, int]
    ) -> None:
        """Note the annulment at `position`, and where stands what is recorded instead."""
        self._annulled.update(dict.fromkeys(annulled, position))
        if replacements:
            self._places.update((position + 1 + nth, place) for nth in range(replacements))

    def __contains__(self, position: int) -> bool:
        return position in self._annulled

    def by(self, position: int) -> int | None:
        """The position of the annulment that names the event, if one does."""
        return self._annulled.get(position)

    def moves(self, position: int) -> bool:
        """Whether the event was recorded in the place of another."""
        return position in self._places

    def place(self, position: int, on: D) -> int:
        """Where an event of that day stands among those of the day.

        What replaces something of the same day takes its place; of another day, it stands where it
        was recorded.
        """
        if not self.moves(position):
            return position
        day, place = self._places[position]
        return place if day == on else position


class Moment(NamedTuple):
    """Where an event stands in a timeline."""

    on: date
    place: int
    position: int


class Entry(NamedTuple):
    """An event in a timeline, and where it stands."""

    at: Moment
    event: Event


AT = attrgetter("at")


def moment(event: Event, noted: Annulments[date], position: int) -> Moment:
    """Where the event stands: by its day, and within the day by its place."""
    on = event.effective_on
    place = noted.place(position, on)
    return Moment(date.min if event.FROM_THE_BEGINNING else on, place, position)


def place_of(replaced: Mapping[int, Event], noted: Annulments[date]) -> tuple[date, int]:
    """Where that stands which is recorded in the place of all these: on the first day, first."""
    return min(
        (event.effective_on, noted.place(position, event.effective_on))
        for position, event in replaced.items()
    )


def annulments(recorded: Mapping[int, Event]) -> Annulments[date]:
    """The annulments among these events, which are in the order of the log."""
    noted: Annulments[date] = Annulments()
    for position, event in recorded.items():
        if isinstance(event, EventsAnnulled):
            place = event.effective_on, event.place
            noted.note(position, event.positions, event.replacements, place)
    return noted


def timeline(recorded: Mapping[int, Event]) -> list[Entry]:
    """The timeline of these events, by position and in the order of the log."""
    noted = annulments(recorded)
    entries = [
        Entry(moment(event, noted, position), event)
        for position, event in recorded.items()
        if position not in noted and not isinstance(event, EventsAnnulled)
    ]
    entries.sort(key=AT)
    return entries
