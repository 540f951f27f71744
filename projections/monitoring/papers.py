"""Monitoring papers: programmes, annual reports and reviews as they were given and revised."""

from domain.monitoring.events import (
    AnnualReportSubmitted,
    MonitorReviewed,
    PaperMissed,
    ProgrammeSubmitted,
)
from projections.monitoring.span_lines import OfSpan
from projections.projection import IsoDay, Name, Version
from projections.records import revised

KEY = ("unit_id", "official_id", "since", "year")


class PaperRow(Version, OfSpan):
    """A paper for a year; a revised one keeps the day on which it was given first."""

    year: int
    first_on: IsoDay
    revision: int


class ProgrammeRow(PaperRow):
    """A programme."""

    content: str
    planned_visits: int | None


class ReportRow(PaperRow):
    """A report on the year."""

    content: str


class ReviewRow(PaperRow):
    """A commune's year-end form on its monitor."""

    level: Name
    remarks: str
    reviewed_by: Name


class MissedRow(Version, OfSpan):
    """A paper of which an event tells that it is missing, the last if its day was another."""

    year: int
    paper: Name
    due_on: IsoDay


PROGRAMMES = revised(
    "monitoring_programmes", ProgrammeRow, key=KEY, event=ProgrammeSubmitted, first_on="first_on"
)
ANNUAL_REPORTS = revised(
    "monitoring_reports", ReportRow, key=KEY, event=AnnualReportSubmitted, first_on="first_on"
)
REVIEWS = revised(
    "monitoring_reviews", ReviewRow, key=KEY, event=MonitorReviewed, first_on="first_on"
)
PAPERS_MISSED = revised(
    "monitoring_papers_missed", MissedRow, key=(*KEY, "paper"), event=PaperMissed
)
