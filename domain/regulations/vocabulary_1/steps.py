"""Steps: a rating is a tree of steps; each names its rule in the file, its article, its events."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from domain.regulations.files.faults import Marks, Path, nearest
from domain.regulations.vocabulary_1.evidence import Positions


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One step of a rating.

    Attributes:
        path: the rule in the regulation's file.
        says: the step in Vietnamese.
        article: that the rule cites.
        positions: the events of the log that make it so, besides those of its own steps.
        considered: the other events that were looked at; were they otherwise, so might it be.
        steps: those that it is made of.
    """

    path: Path
    says: str
    article: str | None = None
    positions: Positions = ()
    considered: Positions = ()
    steps: tuple["Step", ...] = ()

    def leaves(self) -> Iterator["Step"]:
        """The steps that are made of no other."""
        if not self.steps:
            yield self
        for step in self.steps:
            yield from step.leaves()

    def stands_on(self) -> frozenset[int]:
        """Every event that was looked at anywhere in the tree."""
        below = (step.stands_on() for step in self.steps)
        return frozenset(self.positions).union(self.considered, *below)

    def lines(self, marks: Marks) -> Iterator[str]:
        """The tree as text, what a step is made of before it: line, step, events."""
        for step in self.steps:
            yield from step.lines(marks)
        events = ", ".join(f"#{position}" for position in self.positions)
        arrow = f" ← {events}" if events else ""
        yield f"[{nearest(marks, self.path).line:2}] {self.says}{arrow}"


# How a step is told. A value is needed more often than the words for it: these are made when read.
Telling: TypeAlias = Callable[[], Step]


def shown(value: Fraction, places: int) -> str:
    """The number to so many decimals, halves up; only to be read, never to be compared."""
    return _decimal(*value.as_integer_ratio(), places)


def shown_percent(value: Fraction) -> str:
    """The share to two decimals: `75.00%`."""
    numerator, denominator = value.as_integer_ratio()
    return f"{_decimal(numerator * 100, denominator, 2)}%"


def _decimal(numerator: int, denominator: int, places: int) -> str:
    scaled = (2 * numerator * 10**places + denominator) // (2 * denominator)
    whole, rest = divmod(scaled, 10**places)
    return f"{whole}.{rest:0{places}}"
