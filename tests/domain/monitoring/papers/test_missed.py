"""Missed papers: what was due of whom by its day, and did not come, is recorded once."""

from datetime import date, timedelta
from typing import Any

import pytest

from domain.monitoring.events import (
    AnnualReportSubmitted,
    Level,
    MonitorReleased,
    MonitorReviewed,
    PaperMissed,
    ProgrammeSubmitted,
    ReleaseCause,
)
from domain.monitoring.monitoring import CommuneUnmonitored
from domain.monitoring.papers.missed import PaperNotMissing, RecordMissedPaper
from domain.regulations.events import CommuneMonitoringRegulated, DayOff, DaysOffAdopted
from domain.regulations.events import YearlyDeadline as Deadline
from tests.domain.monitoring.commune import (
    BY_FIRST,
    BY_SECOND,
    COMMITTEE,
    COMMUNE,
    PARTY,
    REMARKS,
    SUCCEEDED,
)

DUE = {
    "programme": date(2021, 3, 31),
    "annual_report": date(2021, 12, 15),
    "review": date(2022, 1, 14),
}
RULES = CommuneMonitoringRegulated.by_parameters(
    effective_on=date(2021, 1, 1),
    adopted_by=COMMITTEE,
    communes_per_official=1,
    leading_post_kinds=("leader",),
    programme_due=Deadline(month=3, day=31),
    report_due=Deadline(month=12, day=15),
    review_due=Deadline(month=1, day=14, next_year=True),
)
REGULATED = SUCCEEDED.given(RULES)
# The second monitors since 1 July 2021: the report and the review are theirs.
OWING = {"programme": BY_FIRST, "annual_report": BY_SECOND, "review": BY_SECOND}
GIVEN = {
    "programme": ProgrammeSubmitted(
        **BY_FIRST, effective_on=date(2021, 4, 2), year=2021, revision=1, content="Mỗi quý"
    ),
    "annual_report": AnnualReportSubmitted(
        **BY_SECOND, effective_on=date(2021, 12, 20), year=2021, revision=1, content="Đã theo dõi"
    ),
    "review": MonitorReviewed(
        **BY_SECOND,
        effective_on=date(2022, 1, 20),
        year=2021,
        level=Level.GOOD,
        remarks=REMARKS,
        reviewed_by=PARTY,
    ),
}
FOUND = date(2022, 2, 1)


def said(paper: str, **other: Any) -> dict[str, Any]:
    return {"paper": paper, "year": 2021, "due_on": DUE[paper], **other}


@pytest.mark.parametrize("paper", sorted(DUE))
def test_a_paper_that_did_not_come_by_its_day_is_told_once(paper: str) -> None:
    missed = PaperMissed(**OWING[paper], **said(paper), effective_on=DUE[paper] + timedelta(1))
    REGULATED.when(RecordMissedPaper, COMMUNE, on=missed.effective_on, **said(paper)).then(
        missed
    ).when(RecordMissedPaper, COMMUNE, on=FOUND, **said(paper)).then()


@pytest.mark.parametrize("paper", sorted(DUE))
def test_what_came_or_is_not_due_yet_is_not_missing(paper: str) -> None:
    for history, on, other in (
        (REGULATED.given(GIVEN[paper]), FOUND, {}),
        (REGULATED, DUE[paper], {}),
        (REGULATED, FOUND, {"due_on": DUE[paper] - timedelta(1)}),
        (REGULATED, FOUND, {"year": 2020}),
        (SUCCEEDED, FOUND, {}),
    ):
        command = history.when(RecordMissedPaper, COMMUNE, on=on, **said(paper, **other))
        command.refuses(PaperNotMissing)


def test_what_another_monitor_gave_is_not_the_paper_of_who_owes_it() -> None:
    """The first monitor's report on the year is not that of the second."""
    other = GIVEN["annual_report"].model_copy(update=BY_FIRST)
    owing = REGULATED.given(other)
    assert owing.when(RecordMissedPaper, COMMUNE, on=FOUND, **said("annual_report")).decide()


def test_nobody_owes_a_paper_on_a_commune_that_nobody_monitored() -> None:
    released = MonitorReleased(
        **BY_SECOND,
        effective_on=date(2021, 11, 1),
        post_id="pho-giam-doc",
        agency_id="so-tai-chinh",
        cause=ReleaseCause.RELEASED,
        reason="Luân chuyển",
        released_by=COMMITTEE,
    )
    owing = REGULATED.given(released)
    for paper in ("annual_report", "review"):
        owing.when(RecordMissedPaper, COMMUNE, on=FOUND, **said(paper)).refuses(CommuneUnmonitored)


def test_days_off_are_the_calendars() -> None:
    """A calendar changes no day that the regulation fixes whatever day it is."""
    calendar = DaysOffAdopted(
        effective_on=date(2021, 1, 1),
        adopted_by=COMMITTEE,
        year=2021,
        days_off=(DayOff(on=DUE["programme"], title="Nghỉ bù"),),
        worked=(),
    )
    owing = REGULATED.given(calendar)
    assert owing.when(RecordMissedPaper, COMMUNE, on=FOUND, **said("programme")).decide()
