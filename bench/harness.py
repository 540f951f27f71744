"""How we measure: what is compared takes turns, round after round; a promise is a median ratio.

A machine's mood changes within seconds. What is measured in turns shares it, so each round gives a
ratio of its own. No promise is an absolute figure: that would be a promise about the machine.
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
    """A ratio over the rounds."""

    median: float
    least: float
    most: float

    @classmethod
    def of(cls, samples: Sequence[float]) -> Self:
        return cls(median(samples), min(samples), max(samples))


@dataclass(frozen=True, slots=True)
class Result:
    """One ratio that is promised.

    Attributes:
        name: as it stands in `results.json`.
        rounds: round by round.
        target: what is promised of the median.
        at_most: whether less is better.
        figure: what is compared, such as `appends/s`.
        of: whose figure it is.
        over: by whose it is divided.
    """

    name: str
    rounds: Spread
    target: float
    at_most: bool
    figure: str
    of: str
    over: str

    @property
    def ratio(self) -> float:
        return self.rounds.median

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

    def ratio(  # noqa: PLR0913  a ratio is named, compared and promised
        self,
        name: str,
        of: str,
        over: str,
        figure: str,
        *,
        target: float,
        at_most: bool = False,
    ) -> Result:
        """One contender's figure over another's, as it is promised under `name`."""
        pairs = zip(self._samples[of], self._samples[over], strict=True)
        rounds = Spread.of([one[figure] / other[figure] for one, other in pairs])
        return Result(name, rounds, target, at_most, figure, of, over)

    def within(  # noqa: PLR0913  a ratio is named, compared and promised
        self, name: str, of: str, figure: str, over: str, *, target: float, at_most: bool = False
    ) -> Result:
        """One figure of a contender over another of its own."""
        rounds = Spread.of([sample[figure] / sample[over] for sample in self._samples[of]])
        return Result(name, rounds, target, at_most, figure, of, over)
