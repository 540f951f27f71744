"""Days off: the calendar of each year, as it was adopted last, as of any day."""

from datetime import date
from typing import Annotated

from sqlalchemy import Index

from domain.regulations.events import DayOff, DaysOffAdopted
from projections.days import valid
from projections.filters import Filters, Year, where
from projections.listing import Listing, ListItem, Shown
from projections.projection import Name, Version
from projections.records import revised


class CalendarRow(Version):
    """The calendar of a year, as it is from a day on."""

    regulation_id: Name
    year: int
    adopted_by: Name
    days_off: list[dict[str, str]]
    worked: list[str]


CALENDARS = revised(
    "calendars_of_days_off", CalendarRow, key=("regulation_id", "year"), event=DaysOffAdopted
)
TABLE = CALENDARS.table
# In the order of the list.
Index("calendars_of_days_off_years", TABLE.c.ledger, TABLE.c.year)


class Calendar(ListItem):
    """The days off of a year beside Saturdays and Sundays, and those of these that are worked."""

    year: int
    adopted_by: Annotated[str, Shown(vi="Cơ quan ban hành")]
    days_off: Annotated[list[DayOff], Shown(vi="Ngày nghỉ")]
    worked: Annotated[list[date], Shown(vi="Ngày làm bù")]
    position: int


class CalendarFilters(Filters):
    """Which calendars."""

    year: Year | None = where(TABLE.c.year, "Only that of this year.")


DAYS_OFF = Listing(
    name="days-off",
    path="regulations/days-off/calendars",
    operation="list_days_off",
    tag="regulations",
    answers="The calendars of days off, as they are in force on a day.",
    page="One page of calendars, by year.",
    item=Calendar,
    filters=CalendarFilters,
    projections=(CALENDARS,),
    table=TABLE,
    holds=valid(TABLE),
    order=("year",),
)
