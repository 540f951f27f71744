"""Due days: the last day in time of a duty, by its day, its period and the days off."""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import NamedTuple, TypeAlias

from domain.regulations.vocabulary_1.organising import MONTHS_IN_QUARTER, Duty

IsOff: TypeAlias = Callable[[date], bool]
MONTHS_IN_YEAR = 12
ONE_DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": MONTHS_IN_QUARTER, "year": MONTHS_IN_YEAR}
LAST_YEAR = date.max.year - 2


class Occasion(NamedTuple):
    """A month, quarter or year that a paper is about, and the last day on which it is in time."""

    begins_on: date
    ends_on: date
    due_on: date


def occasions(duty: Duty, year: int, is_off: IsOff) -> Iterator[Occasion]:
    """Those of the duty that are of the year."""
    for begins_on, ends_on in periods_of(duty, year):
        if duty.from_on is None or duty.from_on <= ends_on:
            yield Occasion(begins_on, ends_on, due_day(duty, begins_on, is_off))


def years_of(first: date, last: date) -> range:
    """The years that have periods whose papers may be due between the days."""
    return range(max(first.year - 1, 1), min(last.year + 1, LAST_YEAR) + 1)


def periods_of(duty: Duty, year: int) -> Iterator[tuple[date, date]]:
    """The first and the last day of each month or quarter of the year, or of the year."""
    length = MONTHS[duty.each]
    for month in range(1, MONTHS_IN_YEAR + 1, length):
        after = date(year + (month + length > MONTHS_IN_YEAR), (month + length - 1) % 12 + 1, 1)
        yield date(year, month, 1), date.fromordinal(after.toordinal() - 1)


def due_day(duty: Duty, begins_on: date, is_off: IsOff) -> date:
    """The last day on which the paper comes in time.

    Args:
        duty: the rule.
        begins_on: the first day of the month, quarter or year that the paper is about.
        is_off: whether nobody works on that day.
    """
    which = {"month": 1, "quarter": duty.month or MONTHS_IN_QUARTER, "year": duty.month or 1}
    months = which[duty.each] - 1 + (MONTHS[duty.each] if duty.next_period else 0)
    first = _months_later(begins_on, months)
    if duty.day == "last":
        on = _months_later(first, 1) - ONE_DAY
    else:
        on = first + (duty.day - 1) * ONE_DAY
    if duty.strictly_before:
        on -= ONE_DAY
    step = {"next_working_day": ONE_DAY, "previous_working_day": -ONE_DAY}.get(duty.if_day_off)
    while step is not None and is_off(on):
        on += step
    return on + duty.grace_days * ONE_DAY


def _months_later(first: date, months: int) -> date:
    """The first day of the month so many months later."""
    years, month = divmod(first.month - 1 + months, MONTHS_IN_YEAR)
    return date(first.year + years, month + 1, 1)
