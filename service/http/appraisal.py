"""Appraisal: the verbs of cycles and ratings, and of what ratings stand on beside tasks."""

from domain.appraisal.assessing import AssessOneself, ProposeLevel, ReportFormerWork
from domain.appraisal.closing import CloseCycle, GrantException, MoveRating
from domain.appraisal.councils import FormCouncil, GiveScores
from domain.appraisal.facts import DecideDiscipline, RateUnit
from domain.appraisal.objections import AnswerObjection, ObjectToRating, ReopenRating
from domain.appraisal.opening import EnrolOfficials, OpenCycle
from domain.appraisal.rating import DecideRating
from domain.appraisal.shortcomings import EstablishDegradation, EstablishShortcoming
from service.http.commands import Verb

APPRAISAL_VERBS = (
    Verb("/officials/{official_id}/decide-discipline", DecideDiscipline, "official"),
    Verb("/officials/{official_id}/establish-degradation", EstablishDegradation, "official"),
    Verb("/units/{unit_id}/establish-shortcoming", EstablishShortcoming, "unit"),
    Verb("/units/{unit_id}/rate", RateUnit, "unit"),
    Verb("/cycles/open", OpenCycle, "cycle"),
    Verb("/cycles/{cycle_id}/enrol", EnrolOfficials, "cycle"),
    Verb("/cycles/{cycle_id}/form-council", FormCouncil, "cycle"),
    Verb("/cycles/{cycle_id}/grant-exception", GrantException, "cycle"),
    Verb("/cycles/{cycle_id}/close", CloseCycle, "cycle"),
    Verb("/cycles/{cycle_id}/assess-oneself", AssessOneself, "cycle"),
    Verb("/cycles/{cycle_id}/report-former-work", ReportFormerWork, "cycle"),
    Verb("/cycles/{cycle_id}/give-scores", GiveScores, "cycle"),
    Verb("/cycles/{cycle_id}/propose-level", ProposeLevel, "cycle"),
    Verb("/officials/{official_id}/decide-rating", DecideRating, "official"),
    Verb("/officials/{official_id}/move-rating", MoveRating, "official"),
    Verb("/officials/{official_id}/object-to-rating", ObjectToRating, "official"),
    Verb("/officials/{official_id}/answer-objection", AnswerObjection, "official"),
    Verb("/officials/{official_id}/reopen-rating", ReopenRating, "official"),
)
