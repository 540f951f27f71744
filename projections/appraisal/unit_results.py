"""Unit results: the level of a unit for a period, as the body decided last, and since when."""

from domain.appraisal.events import UnitRated
from projections.projection import IsoDay, Name, Version
from projections.records import revised


class UnitResultRow(Version):
    """The result of a unit for the days; a later one keeps the day of the first."""

    unit_id: Name
    from_on: IsoDay
    to_on: IsoDay
    decided_by: Name
    level: Name
    first_on: IsoDay


UNIT_RESULTS = revised(
    "unit_results",
    UnitResultRow,
    key=("unit_id", "from_on", "to_on"),
    event=UnitRated,
    first_on="first_on",
)
TABLE = UNIT_RESULTS.table
