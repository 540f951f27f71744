"""Due days: the last day in time of a duty, by its day, its period and the days off."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TypeAlias

from domain.regulations.vocabulary_1.organising import MONTHS_IN_QUARTER, Duty

IsOff: TypeAlias = Callable[[date], bool]
MONTHS_IN_YEAR = 12
ONE_DAY = timedelta(days=1)
MONTHS = {"month": 1, "quarter": MONTHS_IN_QUARTER, "year": MONTHS_IN_YEAR}


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
