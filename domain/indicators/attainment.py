"""Attainment: how an actual stands to its target, exact; rounded only where it is shown.

15 % over, 0.8 percentage points over and 2 cases over are three different things.
"""

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Literal, TypeAlias

from domain.indicators.events import Direction

Outcome: TypeAlias = Literal["exceeded", "met", "not_met"]


@dataclass(frozen=True, slots=True)
class Attainment:
    """What was reached of a target.

    Attributes:
        outcome: whether the target is met, exceeded or neither; what is passed is met.
        share: the actual as a share of the target, where as much as possible is to be reached.
        excess: by how much it is better than the target, in the measure; of percents, in percentage
            points; negative where it is worse.
        relative_excess: the same as a share of the target.
        change: the actual less the baseline.
    """

    outcome: Outcome
    share: Fraction | None = None
    excess: Fraction | None = None
    relative_excess: Fraction | None = None
    change: Fraction | None = None


def passed_or_failed(*, passed: bool) -> Attainment:
    """The attainment of what is passed or failed."""
    return Attainment("met" if passed else "not_met")


def attained(
    direction: Direction, target: Decimal, actual: Decimal, baseline: Decimal | None = None
) -> Attainment:
    """How the actual stands to the target."""
    aim, reached = Fraction(target), Fraction(actual)
    excess = reached - aim if direction == "at_least" else aim - reached
    return Attainment(
        outcome="exceeded" if excess > 0 else "met" if excess == 0 else "not_met",
        share=reached / aim if aim and direction == "at_least" else None,
        excess=excess,
        relative_excess=excess / aim if aim else None,
        change=None if baseline is None else reached - Fraction(baseline),
    )
