"""Facts: events as the log shows them, and which of them stand, in the order of the days."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

# What is recorded of the record itself.
OF_THE_RECORD = ("event.annulled", "period.closed", "period.reopened", "period.adjusted")


class Fact(NamedTuple):
    """An event: its position in the log, its type, and what it says."""

    position: int
    type: str
    said: Mapping[str, Any]

    @property
    def on(self) -> str:
        """The day from which it counts, ISO 8601."""
        day: str = self.said["effective_on"]
        return day


class Breach(NamedTuple):
    """A rule that is broken, at which position, and by what."""

    rule: str
    position: int
    what: str


def fed(events: Sequence[Mapping[str, Any]]) -> list[Fact]:
    """The events as the feed gives them, with the names of its own for their types."""
    return [
        Fact(one["position"], one["type"].removeprefix("vn.giaoviec."), one["data"])
        for one in events
    ]


def standing(log: Sequence[Fact]) -> list[Fact]:
    """The facts that stand, by day, and within a day by their place; known persons first."""
    annulments = [fact for fact in log if fact.type == "event.annulled"]
    annulled = {position for one in annulments for position in one.said["positions"]}
    return sorted(
        (fact for fact in log if fact.position not in annulled and fact.type not in OF_THE_RECORD),
        key=lambda fact: (
            "" if fact.type == "official.registered" else fact.on,
            _place(fact, annulments),
            fact.position,
        ),
    )


def _place(fact: Fact, annulments: Sequence[Fact]) -> int:
    """Its position, or the place on the same day of what it replaces."""
    for one in annulments:
        first = one.position + 1
        if first <= fact.position < first + one.said["replacements"] and one.on == fact.on:
            place: int = one.said["place"]
            return place
    return fact.position
