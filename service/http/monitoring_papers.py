"""Monitoring's papers: the verbs of programmes, visits, reports, reviews and of cell attendance."""

from domain.cells.attendance import AssignAttendant, RecordMeetingAttended, ReleaseAttendant
from domain.monitoring.papers.agency_assessment import AssessAgency
from domain.monitoring.papers.annual_report import SubmitAnnualReport
from domain.monitoring.papers.commendation import DecideCommendation, ProposeCommendation
from domain.monitoring.papers.figures import ReportFigure
from domain.monitoring.papers.good_practice import RecordGoodPractice
from domain.monitoring.papers.programme import SubmitProgramme
from domain.monitoring.papers.recommendation import AnswerRecommendation, MakeRecommendation
from domain.monitoring.papers.replacement_request import (
    AnswerReplacementRequest,
    RequestReplacement,
)
from domain.monitoring.papers.review import ReviewMonitor
from domain.monitoring.papers.visits import RecordVisit
from service.http.commands import Verb

PAPERS = (
    Verb("/communes/{unit_id}/submit-programme", SubmitProgramme, "unit"),
    Verb("/communes/{unit_id}/record-visit", RecordVisit, "unit"),
    Verb("/communes/{unit_id}/submit-annual-report", SubmitAnnualReport, "unit"),
    Verb("/communes/{unit_id}/review-monitor", ReviewMonitor, "unit"),
    Verb("/communes/{unit_id}/propose-commendation", ProposeCommendation, "unit"),
    Verb("/communes/{unit_id}/decide-commendation", DecideCommendation, "unit"),
    Verb("/communes/{unit_id}/request-replacement", RequestReplacement, "unit"),
    Verb("/communes/{unit_id}/answer-replacement-request", AnswerReplacementRequest, "unit"),
    Verb("/communes/{unit_id}/make-recommendation", MakeRecommendation, "unit"),
    Verb("/communes/{unit_id}/answer-recommendation", AnswerRecommendation, "unit"),
    Verb("/communes/{unit_id}/record-good-practice", RecordGoodPractice, "unit"),
    Verb("/agencies/{unit_id}/assess", AssessAgency, "unit"),
    Verb("/units/{unit_id}/report-figure", ReportFigure, "unit"),
)
CELLS = (
    Verb("/cells/{unit_id}/assign-attendant", AssignAttendant, "unit"),
    Verb("/cells/{unit_id}/release-attendant", ReleaseAttendant, "unit"),
    Verb("/cells/{unit_id}/record-attendance", RecordMeetingAttended, "unit"),
)
MONITORING_PAPER_VERBS = (*PAPERS, *CELLS)
