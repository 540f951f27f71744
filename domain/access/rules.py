"""Rules: the one table of who may do what. What no row grants is refused.

An action is a command, or a read by the id of its operation. A row says by which relations to the
thing each role may do it: any one of them is enough. What a body decides is besides kept apart from
whoever reported, proposed or asked for it, and from the official whom it is about.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeAlias

from domain.access.roles import Relation, Role
from domain.access.rule import (
    DECISION,
    ERASURE_REQUEST,
    FOR_ALL_COMMUNES,
    NOBODY,
    OF_ONE_S_OWN,
    ON_FILES,
    ON_SNAPSHOTS,
    OPEN_TO_ALL,
    OPENING,
    OWN_WORK,
    PUTTING_RIGHT,
    READING,
    REGISTERING,
    REPORTING,
    RESOLVING,
    SENDING,
    SET_UP,
    SET_UP_OF_ALL,
    SET_UP_OF_PERSONS,
    Grants,
    Rule,
    any_of,
    decision_apart_from,
    reading,
)
from domain.cells.attendance import AssignAttendant, RecordMeetingAttended, ReleaseAttendant
from domain.kernel import Command
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
from domain.regulations.adoption import RegulateCellAttendance, RegulateCommuneMonitoring
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
from domain.tasks.matters.reminders import AnswerReminder, Remind
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
from domain.tasks.responsibility.handover import (
    AcceptHandover,
    DeclineHandover,
    HandOver,
    OfferHandover,
)
from domain.tasks.responsibility.transfer import TransferTask
from domain.tasks.responsibility.vacancy import FillVacancy, VacateTask
from domain.tasks.work.corrections import CorrectEvent
from domain.tasks.work.effects import RecordEffect
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

Action: TypeAlias = type[Command[Any]] | str

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
    DecideCommendation: DECISION,
    RequestReplacement: DECISION,
    AnswerReplacementRequest: DECISION,
    AnswerRecommendation: DECISION,
    AssessAgency: FOR_ALL_COMMUNES,
    ReportFigure: REPORTING,
    AssignAttendant: DECISION,
    ReleaseAttendant: DECISION,
    RecordMeetingAttended: OWN_WORK,
    # The organisation.
    EstablishUnit: SET_UP,
    CreatePost: SET_UP,
    AbolishPost: SET_UP,
    Appoint: SET_UP,
    EndTenure: SET_UP,
    RegisterOfficial: SET_UP_OF_PERSONS,
    AnnounceRetirement: SET_UP_OF_PERSONS,
    RequestErasure: ERASURE_REQUEST,
    RefuseErasure: decision_apart_from(OfficialErasureRequested),
    EraseOfficial: decision_apart_from(OfficialErasureRequested),
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


def _rows(rule: Rule, operations: Iterable[str]) -> dict[str, Rule]:
    return dict.fromkeys(operations, rule)


# Everything else that is served, by the id of its operation.
OPERATIONS: Mapping[str, Rule] = {
    **_rows(
        OPEN_TO_ALL,
        (
            "is_alive",
            "is_ready",
            "read_metrics",
            "list_problem_types",
            "describe_problem_type",
        ),
    ),
    "open_ledger": OPENING,
    "read_official_record": reading(Role.OFFICIAL, Role.AUTHORITY),
    "list_ledgers": reading(*Role),
    "read_permissions": reading(*Role),
    "send_import": SENDING,
    "cancel_import": SENDING,
    **_rows(ON_FILES, ("list_imports", "read_import")),
    **_rows(ON_SNAPSHOTS, ("make_snapshot", "drop_snapshot")),
    **_rows(
        READING,
        (
            "count_visits",
            "list_active_tasks",
            "list_agency_assessments",
            "list_backdated",
            "list_cell_attendance",
            "list_cell_meetings",
            "list_changes",
            "list_commendations",
            "list_commune_monitors",
            "list_communes_by_coverage",
            "list_coverage_gaps",
            "list_good_practices",
            "list_history",
            "list_late_reports",
            "list_loose_ends",
            "list_monitoring_figures",
            "list_monitoring_programmes",
            "list_monitoring_reports",
            "list_monitoring_reviews",
            "list_officials",
            "list_open_obstacles",
            "list_pending_retirements_of_monitors",
            "list_posts",
            "list_recommendations",
            "list_replacement_requests",
            "list_responsibilities_for_task",
            "list_responsibilities_of_official",
            "list_scheduled",
            "list_snapshots",
            "list_tasks",
            "list_tenures",
            "list_unanswered_reminders",
            "list_unit_kinds",
            "list_units",
            "list_vacancies",
            "list_visits",
            "read_commune_coverage",
            "read_commune_coverage_trend",
            "read_completion_rates",
            "read_events",
            "read_official",
            "read_official_history",
            "read_overdue_trend",
            "read_portfolio",
            "read_post",
            "read_post_history",
            "read_snapshot",
            "read_task",
            "read_task_dossier",
            "read_task_history",
            "read_task_states",
            "read_uncovered_days",
            "read_unit",
            "read_unit_history",
            "read_unit_lineage",
            "search",
            "stream_events",
        ),
    ),
}


# Fields that not every reader of the list reads; to others they are null.
FIELDS: Mapping[str, Grants] = {
    "official.contact": {
        Role.OFFICIAL: any_of(Relation.OWN_PERSON),
        Role.AUTHORITY: OF_ONE_S_OWN,
        Role.ADMINISTRATOR: OF_ONE_S_OWN,
        Role.INSPECTOR: OF_ONE_S_OWN,
    },
    # All that is kept of a person, as it is handed over to that person.
    "official.record": {
        Role.OFFICIAL: any_of(Relation.OWN_PERSON),
        Role.AUTHORITY: OF_ONE_S_OWN,
    },
}


def called(action: Action) -> str:
    """What refusals and questions call the action: `approve_task`, `list_tasks`."""
    if isinstance(action, str):
        return action
    return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", action.__name__).lower()


def rule_of(action: Action) -> Rule:
    """The row of the action; one that grants nothing where there is none."""
    if isinstance(action, str):
        return OPERATIONS.get(action, NOBODY)
    return VERBS.get(action, NOBODY)
