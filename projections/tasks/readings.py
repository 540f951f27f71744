"""Readings: what was reported of a task so far, from which a correction of a report goes on.

They are in memory only: a correction names an event, so its task is folded from the beginning.
"""

from bisect import bisect_left, insort
from collections import defaultdict
from typing import TypedDict

from projections.projection import Place


class TaskReading(TypedDict):
    """What the event at that position reports."""

    position: Place
    on: str
    share_percent: str | None
    values: dict[str, str]


class Readings:
    """All readings in their order, and which of them was the last to tell of what."""

    __slots__ = ("_places", "_read", "_sharing", "_telling")

    def __init__(self) -> None:
        self._read: list[TaskReading] = []
        self._places: dict[int, int] = {}
        self._sharing: list[int] = []
        self._telling: defaultdict[str, list[int]] = defaultdict(list)

    def add(self, reading: TaskReading) -> None:
        """Note one more, which is the last."""
        place = self._places[reading["position"]] = len(self._read)
        self._read.append(reading)
        if reading["share_percent"] is not None:
            self._sharing.append(place)
        for code in reading["values"]:
            self._telling[code].append(place)

    def correct(
        self, position: int | None, share: str | None, values: dict[str, str] | None
    ) -> None:
        """Let the reading there be another; what is None reads as before."""
        place = None if position is None else self._places.get(position)
        if place is None:
            return
        before = self._read[place]
        if share is not None:
            if before["share_percent"] is None:
                insort(self._sharing, place)
            before = {**before, "share_percent": share}
        if values is not None:
            for code in before["values"].keys() - values.keys():
                told = self._telling[code]
                del told[bisect_left(told, place)]
            for code in values.keys() - before["values"].keys():
                insort(self._telling[code], place)
            before = {**before, "values": values}
        self._read[place] = before

    @property
    def share_percent(self) -> str | None:
        """The share as last reported."""
        return self._read[self._sharing[-1]]["share_percent"] if self._sharing else None

    def actual(self, code: str) -> tuple[str, str] | tuple[None, None]:
        """What was reached of an indicator by the last reading that tells of it, and its day."""
        told = self._telling.get(code)
        if not told:
            return None, None
        reading = self._read[told[-1]]
        return reading["values"][code], reading["on"]
