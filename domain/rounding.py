"""Rounding: how a percentage loses digits.

Two decimals, halves away from zero (ISO 80000-1:2009, annex B, rule B), as the sources print their
shares: 2,101 of 2,000 is 105.05 %, 419 of 712 is 58.85 %.
"""

from decimal import ROUND_HALF_UP, Decimal

HUNDREDTH = Decimal("0.01")


def to_hundredth(value: Decimal) -> Decimal:
    return value.quantize(HUNDREDTH, ROUND_HALF_UP)
