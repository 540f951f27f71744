"""Lives: the rows of one thing, from its own events in the order of its timeline.

What is annulled counts no more, and what replaces it stands in its place. Within a day the order is
that of recording; what merely makes a thing known stands first.
"""

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet

from domain.timeline import Annulments, EventsAnnulled
from projections.folding import Folding
from projections.projection import Projection, R, RecordedEvent

# The ordinal of the event that another one names, among those recorded of the same thing.
ORDINAL = "sequence"
BEFORE_EVERY_DAY = ""


def rows_of(projection: Projection[R], recorded: Sequence[RecordedEvent]) -> list[R]:
    """The rows that a life comes to.

    Args:
        projection: whose folds are applied.
        recorded: all events under one tag that the projection folds, and the annulments under it,
            in the order of recording.

    Raises:
        FoldFailed: at an event that cannot be applied.
    """
    if in_order(recorded, projection.unusual):
        return rows_in_order(projection, recorded)
    folding = Folding(projection, {})
    noted = _annulments(recorded)
    named = _with_what_they_name(projection, recorded)
    life = sorted(named, key=lambda event: _moment(projection, event, noted))
    if projection.versioned:
        _fold_with_versions(folding, life, noted)
    else:
        folding.fold(event for event in life if event.position not in noted)
    return folding.changed()


def rows_in_order(projection: Projection[R], recorded: Sequence[RecordedEvent]) -> list[R]:
    """The rows of a life whose timeline is the order of recording.

    Raises:
        FoldFailed: at an event that cannot be applied.
    """
    folding = Folding(projection, {})
    folding.fold(recorded)
    return folding.changed()


def in_order(recorded: Sequence[RecordedEvent], unusual: AbstractSet[str]) -> bool:
    """Whether a life's timeline is the order of recording, which is the usual case.

    Args:
        recorded: its events.
        unusual: the types in whose presence it is not.
    """
    days = [event.data["effective_on"] for event in recorded]
    return days == sorted(days) and unusual.isdisjoint([one.type for one in recorded])


def rows_of_all(
    projection: Projection[R], lives: Iterable[Sequence[RecordedEvent]], until: int
) -> Iterator[R]:
    """The rows of these lives up to a position; they may hold what others fold too.

    Raises:
        FoldFailed: as `rows_of`.
    """
    types = {*projection.types, EventsAnnulled.TYPE}
    for life in lives:
        own = [event for event in life if event.type in types and event.position <= until]
        yield from rows_of(projection, own)


def _annulments(recorded: Sequence[RecordedEvent]) -> Annulments[str]:
    noted: Annulments[str] = Annulments()
    for event in recorded:
        if event.type == EventsAnnulled.TYPE:
            data = event.data
            place = event.day, data["place"]
            noted.note(event.position, data["positions"], data["replacements"], place)
    return noted


def _moment(
    projection: Projection[R], event: RecordedEvent, noted: Annulments[str]
) -> tuple[str, int, int]:
    """Where the event stands, as `domain.timeline.Moment` says it."""
    on = BEFORE_EVERY_DAY if event.type in projection.from_the_beginning else event.day
    return on, noted.place(event.position, event.day), event.position


def _with_what_they_name(
    projection: Projection[R], recorded: Sequence[RecordedEvent]
) -> list[RecordedEvent]:
    """The events without the annulments; those that name another one know its position."""
    own = [event for event in recorded if event.type != EventsAnnulled.TYPE]
    if not projection.naming:
        return own
    return [
        event._replace(named=own[event.data[ORDINAL] - 1].position)
        if event.type in projection.naming and event.data[ORDINAL] <= len(own)
        else event
        for event in own
    ]


def _fold_with_versions(
    folding: Folding[R], life: Sequence[RecordedEvent], noted: Annulments[str]
) -> None:
    """Fold the life of one thing so that each row says the highest position of all up to it.

    An annulment stands where that stood which it annuls.
    """
    highest = 0
    for event in life:
        annulment = noted.by(event.position)
        highest = max(highest, annulment or event.position)
        if annulment is None:
            folding.fold((event,))
        folding.raise_position(highest)
