"""Marks: where in its order a list goes on, as the text in a cursor, read again as values."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import Any

from sqlalchemy import BigInteger, Date, Integer, Numeric
from sqlalchemy.types import TypeEngine

LAST_NUMBER = 2**31 - 1
LAST_POSITION = 2**53 - 1


def text_value(text: str) -> str:
    """A mark's text, as it is.

    Raises:
        ValueError: it cannot have been stored.
    """
    if "\0" in text:
        raise ValueError("no such text is stored")
    text.encode()
    return text


def day_value(text: str) -> date:
    """A mark's day; the ends of time are those of the calendar, as the driver has it.

    Raises:
        ValueError: it is none.
    """
    ends = {"infinity": date.max, "-infinity": date.min}
    return ends.get(text) or date.fromisoformat(text)


def whole_value(text: str, *, least: int = 0, most: int = LAST_NUMBER) -> int:
    """A mark's whole number.

    Raises:
        ValueError: it is none that is stored.
    """
    number = int(text)
    if not least <= number <= most:
        raise ValueError("no such number is stored")
    return number


def exact_value(text: str) -> Decimal:
    """A mark's exact number.

    Raises:
        ValueError: it is none.
    """
    number = Decimal(text)
    if not number.is_finite():
        raise ValueError("not a number")
    return number


# The narrower type first.
PARSERS: tuple[tuple[type[TypeEngine[Any]], Callable[[str], Any]], ...] = (
    (Date, day_value),
    (BigInteger, partial(whole_value, most=LAST_POSITION)),
    (Integer, whole_value),
    (Numeric, exact_value),
)


def parser_of(kind: TypeEngine[Any]) -> Callable[[str], Any]:
    """What reads a value of that type from a mark; it raises ValueError."""
    return next((parser for of, parser in PARSERS if isinstance(kind, of)), text_value)
