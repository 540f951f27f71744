"""What bodies say of a year of monitoring: of the agencies, and in figures."""

from datetime import date
from decimal import Decimal
from typing import Any

from domain.kernel import BodyRequired
from domain.monitoring.events import AgencyAssessed, FigureReported, Level, Measure, MonitorReplaced
from domain.monitoring.papers.agency_assessment import (
    AgencyAssessedAlready,
    AgencySentNobody,
    AssessAgency,
    MayNotAssessItself,
)
from domain.monitoring.papers.figures import NotTheReportingBody, ReportFigure
from domain.monitoring.papers.papers import YearNotBegun
from domain.organisation.events import UnitKind
from domain.organisation.organisation import UnitUnknown
from tests.domain.monitoring.commune import (
    AGENCY,
    BY_COMMITTEE,
    COMMITTEE,
    COMMUNE,
    FIRST,
    MONITORED,
    SECOND,
    TODAY,
    unit,
)

OTHER_AGENCY = "so-xay-dung"
SENDING = MONITORED.given(
    unit(AGENCY, UnitKind.DEPARTMENT), unit(OTHER_AGENCY, UnitKind.DEPARTMENT)
)
REPLACED_BY_OTHER = MonitorReplaced(
    effective_on=date(2020, 6, 1),
    unit_id=COMMUNE,
    from_official=FIRST,
    to_official=SECOND,
    post_id="giam-doc-xay-dung",
    agency_id=OTHER_AGENCY,
    replaced_by=COMMITTEE,
    reason="Luân chuyển",
    handover_note="Hồ sơ kèm theo",
)
ASSESSMENT: dict[str, Any] = {"year": 2021, "level": Level.GOOD, "remarks": "Sâu sát"}
SHARE: dict[str, Any] = {"year": 2021, "measure": Measure.COMMENDATION_SHARE, "reported": "84.4"}


def reported(on: date, value: str) -> FigureReported:
    return FigureReported(
        effective_on=on,
        unit_id=COMMITTEE,
        year=2021,
        measure=Measure.COMMENDATION_SHARE,
        reported=Decimal(value),
    )


def test_an_agency_that_sent_monitors_is_assessed_once_a_year() -> None:
    assessed = AgencyAssessed(
        effective_on=TODAY, unit_id=AGENCY, assessed_by=COMMITTEE, **ASSESSMENT
    )
    SENDING.when(AssessAgency, AGENCY, **BY_COMMITTEE, **ASSESSMENT).then(assessed).when(
        AssessAgency, AGENCY, **BY_COMMITTEE, **ASSESSMENT
    ).refuses(AgencyAssessedAlready)


def test_an_agency_whose_monitor_was_replaced_by_anothers_is_not_assessed_after_that_year() -> None:
    replaced = SENDING.given(REPLACED_BY_OTHER)
    params: dict[str, Any] = {**ASSESSMENT, "year": 2020}
    replaced.when(AssessAgency, AGENCY, **BY_COMMITTEE, **ASSESSMENT).refuses(AgencySentNobody)
    replaced.when(AssessAgency, AGENCY, **BY_COMMITTEE, **params).then(
        AgencyAssessed(effective_on=TODAY, unit_id=AGENCY, assessed_by=COMMITTEE, **params)
    )
    replaced.when(AssessAgency, OTHER_AGENCY, **BY_COMMITTEE, **ASSESSMENT).then(
        AgencyAssessed(
            effective_on=TODAY, unit_id=OTHER_AGENCY, assessed_by=COMMITTEE, **ASSESSMENT
        )
    )


def test_an_agency_is_assessed_by_another_body_for_a_year_begun() -> None:
    itself: dict[str, Any] = {"on": TODAY, "on_behalf_of": AGENCY}
    SENDING.when(AssessAgency, AGENCY, **itself, **ASSESSMENT).refuses(MayNotAssessItself)
    SENDING.when(AssessAgency, AGENCY, on=TODAY, **ASSESSMENT).refuses(BodyRequired)
    SENDING.when(AssessAgency, OTHER_AGENCY, **BY_COMMITTEE, **ASSESSMENT).refuses(AgencySentNobody)
    SENDING.when(AssessAgency, "ma", **BY_COMMITTEE, **ASSESSMENT).refuses(UnitUnknown)
    SENDING.when(AssessAgency, AGENCY, **BY_COMMITTEE, **{**ASSESSMENT, "year": 2022}).refuses(
        YearNotBegun
    )


def test_a_figure_is_kept_with_the_decimals_it_was_reported_with() -> None:
    first = MONITORED.when(ReportFigure, COMMITTEE, on=TODAY, **SHARE).then(reported(TODAY, "84.4"))
    again: dict[str, Any] = {**SHARE, "reported": "84.40"}
    [event] = first.when(ReportFigure, COMMITTEE, on=TODAY, **again).decide()
    assert isinstance(event, FigureReported)
    assert str(event.reported) == "84.40"
    earlier = date(2021, 11, 30)
    first.when(ReportFigure, COMMITTEE, on=earlier, **SHARE).then(reported(earlier, "84.4"))


def test_a_figure_is_the_bodys_own_for_a_year_begun() -> None:
    for_other: dict[str, Any] = {"on": TODAY, "on_behalf_of": COMMUNE}
    MONITORED.when(ReportFigure, COMMITTEE, **for_other, **SHARE).refuses(NotTheReportingBody)
    MONITORED.when(ReportFigure, "ma", on=TODAY, **SHARE).refuses(UnitUnknown)
    MONITORED.when(ReportFigure, COMMITTEE, on=TODAY, **{**SHARE, "year": 2022}).refuses(
        YearNotBegun
    )
