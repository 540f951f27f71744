"""Verbs, by who may give them: the rows of the table of rules that are of commands."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from domain.access.rule import (
    BY_ONESELF,
    DECISION,
    ERASURE_REQUEST,
    FOR_ALL_COMMUNES,
    IN_PERSON,
    OWN_WORK,
    PUTTING_RIGHT,
    REGISTERING,
    REPORTING,
    RESOLVING,
    SET_UP,
    SET_UP_OF_ALL,
    SET_UP_OF_PERSONS,
    Rule,
    decision_apart_from,
)
from domain.appraisal.assessing import AssessOneself, ProposeLevel, ReportFormerWork
from domain.appraisal.closing import CloseCycle, GrantException, MoveRating
from domain.appraisal.councils import FormCouncil, GiveScores
from domain.appraisal.cycle_events import LevelProposed
from domain.appraisal.facts import DecideDiscipline, RateUnit
from domain.appraisal.objections import AnswerObjection, ObjectToRating, ReopenRating
from domain.appraisal.opening import EnrolOfficials, OpenCycle
from domain.appraisal.rating import DecideRating
from domain.appraisal.rating_events import ObjectionRaised
from domain.appraisal.shortcomings import EstablishDegradation, EstablishShortcoming
from domain.cells.attendance import AssignAttendant, RecordMeetingAttended, ReleaseAttendant
from domain.conduct.events import ReplacementProposed
from domain.conduct.findings import RecordFinding, ReplyToFinding
from domain.conduct.replacement import DecideReplacement, ProposeReplacement
from domain.conduct.self_checks import MakeSelfCheck
from domain.indicators.actuals import RecordActual
from domain.indicators.targets import SetIndicators
from domain.kernel import Command
from domain.monitoring.events import (
    CommendationProposed,
    RecommendationMade,
    ReplacementRequested,
)
from domain.monitoring.monitors.allocation import AllocateCommune, SetQuota, WithdrawAllocation
from domain.monitoring.monitors.assignment import AssignMonitor
from domain.monitoring.monitors.release import ReleaseMonitor
from domain.monitoring.monitors.replacement import ReplaceMonitor
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
from domain.organisation.erasure import EraseOfficial, RefuseErasure, RequestErasure
from domain.organisation.events import OfficialErasureRequested
from domain.organisation.kinds import ChangeUnitKind, DeclareUnitKind, EndUnitKind
from domain.organisation.officials import AnnounceRetirement, RegisterOfficial
from domain.organisation.posts import AbolishPost, CreatePost
from domain.organisation.tenures import Appoint
from domain.organisation.territory import (
    CedeTerritory,
    MoveUnit,
    RecodeUnit,
    RenameUnit,
    RetypeUnit,
)
from domain.organisation.units import EstablishUnit
from domain.record.annulment import AnnulEvents
from domain.record.periods import ClosePeriod, ReopenPeriod
from domain.regulations.adoption import (
    AdoptDaysOff,
    RegulateCellAttendance,
    RegulateCommuneMonitoring,
)
from domain.regulations.policy_adoption import AdoptPolicy
from domain.succession.closing import CloseUnit
from domain.succession.division import SplitUnit
from domain.succession.leaver import EndTenure
from domain.succession.merger import MergeUnits
from domain.succession.portfolio import HandOverPortfolio
from domain.tasks.beginning.advice import AdviseOnTask
from domain.tasks.beginning.amendment import AmendTask
from domain.tasks.beginning.approval import ApproveTask, RejectTask
from domain.tasks.beginning.assignment import AssignTask
from domain.tasks.beginning.commission import CommissionTask
from domain.tasks.beginning.registration import RegisterTask
from domain.tasks.ending.cancellation import CancelTask
from domain.tasks.ending.carry_over import CarryOver
from domain.tasks.ending.completion import ClaimCompletion, ConfirmCompletion, ReturnCompletion
from domain.tasks.ending.recurrence import OpenYear
from domain.tasks.ending.scoring import ScoreTask
from domain.tasks.events import CompletionClaimed, TaskRegistered
from domain.tasks.matters.delegation import ClosePart, DelegatePart, ReportOnPart
from domain.tasks.matters.obstacles import RaiseObstacle, ResolveObstacle
from domain.tasks.matters.reminders import AnswerReminder
from domain.tasks.matters.solutions import (
    ApproveSolution,
    ProposeSolution,
    RejectSolution,
    SolutionProposed,
)
from domain.tasks.responsibility.co_accountability import (
    AddCoAccountable,
    HandOverCoAccountability,
    ReleaseCoAccountable,
)
from domain.tasks.responsibility.collective import BindCollective, FindResponsibility
from domain.tasks.responsibility.consequences import (
    DecideResponsibility,
    DropResponsibility,
    ProposeResponsibility,
    ResponsibilityProposed,
)
from domain.tasks.responsibility.handover import (
    AcceptHandover,
    DeclineHandover,
    HandOver,
    OfferHandover,
)
from domain.tasks.responsibility.transfer import TransferTask
from domain.tasks.responsibility.vacancy import FillVacancy, VacateTask
from domain.tasks.work.cases import RecordCase
from domain.tasks.work.corrections import CorrectEvent
from domain.tasks.work.effects import RecordEffect
from domain.tasks.work.objective_causes import ConfirmObjectiveCause
from domain.tasks.work.plan import SubmitPlan
from domain.tasks.work.progress import ReportProgress
from domain.tasks.work.report_duties import SetReportDuty
from domain.tasks.work.results import RecordPartialResult
from domain.tasks.work.revision import (
    ApproveRevision,
    RefuseRevision,
    RequestRevision,
    ReviseTask,
    RevisionRequested,
)
from domain.tasks.work.urging import Remind

# A decision on what somebody asked for, and an access that is recorded beside the event.
ERASURE = replace(decision_apart_from(OfficialErasureRequested), recorded=True)

VERBS: Mapping[type[Command[Any]], Rule] = {
    # The beginning of a task.
    RegisterTask: REGISTERING,
    CommissionTask: DECISION,
    AdviseOnTask: DECISION,
    AmendTask: DECISION,
    ApproveTask: decision_apart_from(TaskRegistered),
    RejectTask: decision_apart_from(TaskRegistered),
    AssignTask: DECISION,
    # Work on a task.
    SubmitPlan: OWN_WORK,
    ReportProgress: OWN_WORK,
    RecordPartialResult: OWN_WORK,
    RecordEffect: OWN_WORK,
    RecordCase: REGISTERING,
    SetReportDuty: DECISION,
    RequestRevision: OWN_WORK,
    ApproveRevision: decision_apart_from(RevisionRequested),
    RefuseRevision: decision_apart_from(RevisionRequested),
    ReviseTask: DECISION,
    CorrectEvent: PUTTING_RIGHT,
    # Matters that hang on a task.
    RaiseObstacle: OWN_WORK,
    ResolveObstacle: RESOLVING,
    ProposeSolution: OWN_WORK,
    ApproveSolution: decision_apart_from(SolutionProposed),
    RejectSolution: decision_apart_from(SolutionProposed),
    Remind: DECISION,
    AnswerReminder: OWN_WORK,
    DelegatePart: OWN_WORK,
    ReportOnPart: OWN_WORK,
    ClosePart: OWN_WORK,
    # Who answers for a task.
    AddCoAccountable: DECISION,
    ReleaseCoAccountable: DECISION,
    HandOverCoAccountability: DECISION,
    BindCollective: DECISION,
    FindResponsibility: DECISION,
    ConfirmObjectiveCause: DECISION,
    ProposeResponsibility: DECISION,
    DecideResponsibility: decision_apart_from(ResponsibilityProposed, by=("number",)),
    DropResponsibility: decision_apart_from(ResponsibilityProposed, by=("number",)),
    OfferHandover: OWN_WORK,
    AcceptHandover: OWN_WORK,
    DeclineHandover: OWN_WORK,
    HandOver: DECISION,
    TransferTask: DECISION,
    VacateTask: DECISION,
    FillVacancy: DECISION,
    # The end of a task.
    ClaimCompletion: OWN_WORK,
    ConfirmCompletion: decision_apart_from(CompletionClaimed),
    ReturnCompletion: decision_apart_from(CompletionClaimed),
    ScoreTask: decision_apart_from(CompletionClaimed),
    OpenYear: DECISION,
    CarryOver: DECISION,
    CancelTask: DECISION,
    # Regulations that are written as files.
    AdoptPolicy: FOR_ALL_COMMUNES,
    AdoptDaysOff: FOR_ALL_COMMUNES,
    # The monitoring of communes.
    RegulateCommuneMonitoring: FOR_ALL_COMMUNES,
    RegulateCellAttendance: FOR_ALL_COMMUNES,
    SetQuota: FOR_ALL_COMMUNES,
    AllocateCommune: FOR_ALL_COMMUNES,
    WithdrawAllocation: FOR_ALL_COMMUNES,
    AssignMonitor: DECISION,
    ReplaceMonitor: DECISION,
    ReleaseMonitor: DECISION,
    SubmitProgramme: OWN_WORK,
    RecordVisit: OWN_WORK,
    SubmitAnnualReport: OWN_WORK,
    MakeRecommendation: OWN_WORK,
    RecordGoodPractice: OWN_WORK,
    ReviewMonitor: DECISION,
    ProposeCommendation: DECISION,
    DecideCommendation: decision_apart_from(CommendationProposed, by=("official_id", "year")),
    RequestReplacement: DECISION,
    AnswerReplacementRequest: decision_apart_from(ReplacementRequested, by=("number",)),
    AnswerRecommendation: decision_apart_from(RecommendationMade, by=("number",)),
    AssessAgency: FOR_ALL_COMMUNES,
    ReportFigure: REPORTING,
    AssignAttendant: DECISION,
    ReleaseAttendant: DECISION,
    RecordMeetingAttended: OWN_WORK,
    # Indicators.
    SetIndicators: FOR_ALL_COMMUNES,
    RecordActual: REPORTING,
    # What appraisal stands on.
    DecideDiscipline: DECISION,
    EstablishDegradation: DECISION,
    EstablishShortcoming: DECISION,
    RateUnit: FOR_ALL_COMMUNES,
    DecideRating: decision_apart_from(LevelProposed, by=("cycle_id",)),
    # Cycles of ratings.
    OpenCycle: DECISION,
    EnrolOfficials: DECISION,
    FormCouncil: DECISION,
    AssessOneself: IN_PERSON,
    ReportFormerWork: DECISION,
    GiveScores: DECISION,
    ProposeLevel: DECISION,
    GrantException: DECISION,
    MoveRating: decision_apart_from(LevelProposed, by=("cycle_id",)),
    CloseCycle: DECISION,
    ObjectToRating: IN_PERSON,
    AnswerObjection: decision_apart_from(ObjectionRaised, by=("cycle_id", "number")),
    ReopenRating: DECISION,
    # Conduct.
    RecordFinding: DECISION,
    ReplyToFinding: IN_PERSON,
    MakeSelfCheck: BY_ONESELF,
    ProposeReplacement: DECISION,
    DecideReplacement: decision_apart_from(ReplacementProposed, by=("number",)),
    # The organisation.
    EstablishUnit: SET_UP,
    CreatePost: SET_UP,
    AbolishPost: SET_UP,
    Appoint: SET_UP,
    EndTenure: SET_UP,
    RegisterOfficial: SET_UP_OF_PERSONS,
    AnnounceRetirement: SET_UP_OF_PERSONS,
    RequestErasure: ERASURE_REQUEST,
    RefuseErasure: ERASURE,
    EraseOfficial: ERASURE,
    HandOverPortfolio: DECISION,
    RenameUnit: SET_UP,
    RetypeUnit: SET_UP,
    RecodeUnit: SET_UP,
    MoveUnit: SET_UP,
    CedeTerritory: SET_UP,
    MergeUnits: SET_UP,
    SplitUnit: SET_UP,
    CloseUnit: SET_UP,
    DeclareUnitKind: SET_UP_OF_ALL,
    ChangeUnitKind: SET_UP_OF_ALL,
    EndUnitKind: SET_UP_OF_ALL,
    # The record.
    AnnulEvents: PUTTING_RIGHT,
    ClosePeriod: DECISION,
    ReopenPeriod: DECISION,
}
