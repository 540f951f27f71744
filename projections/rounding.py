"""Rounding: the percentages and means that reads show, by the rule of `domain.rounding`."""

from decimal import ROUND_HALF_UP, Decimal

from domain.rounding import to_hundredth

__all__ = ["percent_of", "to_hundredth", "to_precision_of"]


def percent_of(numerator: int, denominator: int) -> Decimal | None:
    """`numerator` of `denominator` as a percentage with two decimals; None of nothing."""
    if denominator == 0:
        return None
    return to_hundredth(Decimal(100 * numerator) / denominator)


def to_precision_of(other: Decimal, value: Decimal) -> Decimal:
    """The value with as many decimals as the other number is written with."""
    exponent = min(int(other.as_tuple().exponent), 0)
    return value.quantize(Decimal(1).scaleb(exponent), ROUND_HALF_UP)
