"""How we measure: whatever is compared takes turns, round after round, and medians are compared.

A machine's mood changes within seconds; what is measured in turns shares it.
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Self, TypeAlias

ROUNDS = 5

Figures: TypeAlias = Mapping[str, float]
Contender: TypeAlias = Callable[[], Awaitable[Figures]]


@dataclass(frozen=True, slots=True)
class Spread:
    """What one contender did over the rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> Self:
        return cls(median(samples), min(samples), max(samples))


@dataclass(frozen=True, slots=True)
class Result:
    """One figure that is promised.

    Attributes:
        name: as it stands in `results.json`.
        ratio: ours over theirs, or the figure itself where there are no others.
        target: what is promised.
        at_most: whether less is better.
        ours: what ours did, in `unit`.
        theirs: what the others did, in `unit`.
        unit: such as `appends/s`.
        against: who the others are.
    """

    name: str
    ratio: float
    target: float
    at_most: bool
    ours: Spread
    theirs: Spread | None
    unit: str
    against: str

    @property
    def met(self) -> bool:
        return self.ratio <= self.target if self.at_most else self.ratio >= self.target


class Rounds:
    """Contenders taking turns: one warm-up each, then `rounds` rounds in turning order.

    Each contender is called without arguments and gives its figures by name, such as
    `{"appends/s": 31_000.0}`.
    """

    def __init__(self, contenders: Mapping[str, Contender], rounds: int = ROUNDS) -> None:
        self._contenders = contenders
        self._rounds = rounds
        self._samples: dict[str, list[Figures]] = {name: [] for name in contenders}

    async def run(self) -> Self:
        for contender in self._contenders.values():
            await contender()
        names = [*self._contenders]
        for _ in range(self._rounds):
            for name in names:
                self._samples[name].append(await self._contenders[name]())
            names = [*names[1:], names[0]]
        return self

    def spread(self, contender: str, figure: str) -> Spread:
        return Spread.of([sample[figure] for sample in self._samples[contender]])

    def ratio(  # noqa: PLR0913  a figure is named, compared and promised
        self,
        name: str,
        ours: str,
        theirs: str,
        figure: str,
        *,
        target: float,
        at_most: bool = False,
    ) -> Result:
        """The median of ours over the median of theirs, as it is promised under `name`."""
        one, other = self.spread(ours, figure), self.spread(theirs, figure)
        ratio = one.median / other.median
        return Result(name, ratio, target, at_most, one, other, figure, theirs)

    def figure(self, name: str, ours: str, figure: str, *, target: float, at_most: bool) -> Result:
        """The median of a figure of ours alone."""
        spread = self.spread(ours, figure)
        return Result(name, spread.median, target, at_most, spread, None, figure, "")


async def compare(  # noqa: PLR0913  a figure is named, compared and promised
    name: str,
    ours: Contender,
    theirs: Contender,
    figure: str,
    *,
    target: float,
    against: str = "theirs",
    rounds: int = ROUNDS,
) -> Result:
    """Two contenders and one figure of both."""
    turns = await Rounds({"ours": ours, against: theirs}, rounds).run()
    return turns.ratio(name, "ours", against, figure, target=target)
