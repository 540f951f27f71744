"""Rounding: the one place where a percentage loses digits.

Two decimals, halves away from zero (ISO 80000-1:2009, annex B, rule B), as the sources print their
shares: 2,101 of 2,000 is 105.05 %, 419 of 712 is 58.85 %.
"""

from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")


def percent_of(numerator: int, denominator: int) -> Decimal | None:
    """`numerator` of `denominator` as a percentage with two decimals; None of nothing."""
    if denominator == 0:
        return None
    return to_hundredth(Decimal(100 * numerator) / denominator)


def to_hundredth(value: Decimal) -> Decimal:
    return value.quantize(HUNDREDTH, ROUND_HALF_UP)


def to_precision_of(other: Decimal, value: Decimal) -> Decimal:
    """The value with as many decimals as the other number is written with."""
    exponent = min(int(other.as_tuple().exponent), 0)
    return value.quantize(Decimal(1).scaleb(exponent), ROUND_HALF_UP)
