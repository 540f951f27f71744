"""Folding: events into the rows that change, in memory, whatever their number."""

from collections.abc import Iterable
from typing import Any, Generic

from projections.projection import FOREVER, Projection, R, RecordedEvent, Thing


class FoldFailed(Exception):
    """An event could not be read, or not be folded; everything before it is folded."""

    def __init__(self, projection: str, position: int, cause: Exception) -> None:
        super().__init__(f"{projection} at position {position}: {type(cause).__name__}: {cause}")
        self.projection = projection
        self.position = position


class Folding(Generic[R]):
    """The open rows of some things, and every row changed since they were loaded.

    Args:
        projection: whose folds are applied.
        standing: the open rows, by thing; a thing that is not there has none.
    """

    __slots__ = ("_changed", "_projection", "_standing")

    def __init__(self, projection: Projection[R], standing: dict[Thing, R]) -> None:
        self._projection = projection
        self._standing = standing
        self._changed: dict[tuple[Thing, object], R] = {}

    def fold(self, events: Iterable[RecordedEvent]) -> None:
        """Apply the events, in order.

        Raises:
            FoldFailed: at the first that cannot be applied.
        """
        projection, standing, changed = self._projection, self._standing, self._changed
        thing_of = projection.thing
        folds, since, until = projection.folds, projection.since, projection.until
        for event in events:
            try:
                thing = thing_of(event.data)
                rows = folds[event.type](standing.get(thing), event)
            except Exception as cause:
                raise FoldFailed(projection.name, event.position, cause) from cause
            if not rows:
                continue
            for row in rows:
                changed[thing, row[since]] = row
            if row[until] == FOREVER:
                standing[thing] = row
            else:
                standing.pop(thing, None)

    def raise_position(self, position: int) -> None:
        """Let the newest row, if there is one, say this position."""
        newest = next(reversed(self._changed), None)
        if newest is None:
            return
        row = self._changed[newest]
        later: Any = {**row, "position": position}
        self._changed[newest] = later
        if self._standing.get(newest[0]) is row:
            self._standing[newest[0]] = later

    def changed(self) -> list[R]:
        """The rows to write: of one thing, the earlier first."""
        stored = self._projection.stored
        rows = self._changed.values()
        return list(rows) if stored is None else [*map(stored, rows)]
