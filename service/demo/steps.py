"""Steps: the commands that load a sample province, in ordered chains."""

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from typing import NamedTuple

from domain.appraisal.cycle_events import CycleOpened, OfficialEnrolled
from domain.appraisal.opening import CycleOpening, Enrolments
from domain.appraisal.rating import RatingDecision
from domain.appraisal.rating_events import RatingDecided
from domain.indicators.actuals import Actual
from domain.indicators.events import ActualRecorded, IndicatorsSet
from domain.indicators.targets import Targets
from domain.kernel import Event, Parameters
from domain.monitoring import events as monitoring
from domain.monitoring.monitors.allocation import CommuneAllocation, LeadersQuota
from domain.monitoring.monitors.assignment import MonitorAssignment
from domain.monitoring.monitors.replacement import MonitorReplacement
from domain.monitoring.papers.annual_report import AnnualReport
from domain.monitoring.papers.commendation import Commendation
from domain.monitoring.papers.figures import Figure
from domain.monitoring.papers.programme import Programme
from domain.monitoring.papers.replacement_request import ReplacementAnswer, ReplacementRequest
from domain.monitoring.papers.review import Review
from domain.monitoring.papers.visits import Visit
from domain.organisation import events as organisation
from domain.organisation.officials import NewOfficial
from domain.organisation.posts import NewPost
from domain.organisation.tenures import Appointment
from domain.organisation.units import NewUnit
from domain.record.annulment import Annulment
from domain.regulations.adoption import CommuneMonitoringRules
from domain.regulations.events import CommuneMonitoringRegulated, PolicyAdopted
from domain.regulations.policy_adoption import RegulationFile
from domain.succession.closing import UnitClosing
from domain.succession.leaver import EndOfTenure
from domain.succession.merger import UnitMerger
from domain.tasks import events as tasks
from domain.tasks.beginning.approval import Approval
from domain.tasks.beginning.assignment import Assignment
from domain.tasks.beginning.commission import Commission
from domain.tasks.beginning.registration import Registration
from domain.tasks.changes import TaskCarriedOver
from domain.tasks.ending.carry_over import CarryingOver
from domain.tasks.ending.completion import Claim, Confirmation
from domain.tasks.responsibility.handover import Acceptance, HandoverToSuccessor
from domain.tasks.responsibility.transfer import Transfer
from domain.tasks.work.plan import Plan
from domain.tasks.work.progress import ProgressReport
from domain.tasks.work.report_duties import DutyToReport, ReportDutySet
from domain.timeline import EventsAnnulled


class Province(NamedTuple):
    """A sample's ledger and its name."""

    ledger: str
    name: str


class Client(StrEnum):
    """The clients of the service. The one that registers or claims does not approve or confirm."""

    REGISTRY = "demo-registry"
    COMMITTEE = "demo-committee"
    VISITOR = "demo-visitor"
    OPERATOR = "demo-operator"


class Verb(NamedTuple):
    """How a command is sent.

    Attributes:
        path: its path below the ledger; `{id}` is the id of the subject.
        event: the event that it leads to.
        by: the client that sends it.
    """

    path: str
    event: type[Event]
    by: Client = Client.REGISTRY


VERBS: Mapping[type[Parameters], Verb] = {
    NewUnit: Verb("units/establish", organisation.UnitEstablished),
    UnitMerger: Verb("units/{id}/merge", organisation.UnitMerged),
    UnitClosing: Verb("units/{id}/close", organisation.UnitClosed),
    NewOfficial: Verb("officials/register", organisation.OfficialRegistered),
    NewPost: Verb("posts/create", organisation.PostCreated),
    Appointment: Verb("posts/{id}/appoint", organisation.TenureStarted),
    EndOfTenure: Verb("posts/{id}/end-tenure", organisation.TenureEnded),
    Registration: Verb("tasks/register", tasks.TaskRegistered),
    Approval: Verb("tasks/{id}/approve", tasks.TaskApproved, Client.COMMITTEE),
    Commission: Verb("tasks/commission", tasks.TaskCommissioned, Client.COMMITTEE),
    Assignment: Verb("tasks/{id}/assign", tasks.TaskAssigned, Client.COMMITTEE),
    Plan: Verb("tasks/{id}/submit-plan", tasks.PlanSubmitted),
    ProgressReport: Verb("tasks/{id}/report-progress", tasks.ProgressReported),
    HandoverToSuccessor: Verb("tasks/{id}/offer-handover", tasks.HandoverOffered),
    Acceptance: Verb("tasks/{id}/accept-handover", tasks.TaskHandedOver),
    Transfer: Verb("tasks/{id}/transfer", tasks.TaskTransferred, Client.COMMITTEE),
    Claim: Verb("tasks/{id}/claim-completion", tasks.CompletionClaimed),
    Confirmation: Verb(
        "tasks/{id}/confirm-completion", tasks.CompletionConfirmed, Client.COMMITTEE
    ),
    CommuneMonitoringRules: Verb(
        "regulations/{id}/adopt", CommuneMonitoringRegulated, Client.COMMITTEE
    ),
    LeadersQuota: Verb("agencies/{id}/set-quota", monitoring.QuotaSet, Client.COMMITTEE),
    CommuneAllocation: Verb(
        "communes/{id}/allocate", monitoring.CommuneAllocated, Client.COMMITTEE
    ),
    MonitorAssignment: Verb(
        "communes/{id}/assign-monitor", monitoring.MonitorAssigned, Client.COMMITTEE
    ),
    MonitorReplacement: Verb(
        "communes/{id}/replace-monitor", monitoring.MonitorReplaced, Client.COMMITTEE
    ),
    Programme: Verb("communes/{id}/submit-programme", monitoring.ProgrammeSubmitted),
    Visit: Verb("communes/{id}/record-visit", monitoring.VisitRecorded),
    AnnualReport: Verb("communes/{id}/submit-annual-report", monitoring.AnnualReportSubmitted),
    Review: Verb("communes/{id}/review-monitor", monitoring.MonitorReviewed),
    Commendation: Verb("communes/{id}/propose-commendation", monitoring.CommendationProposed),
    ReplacementRequest: Verb("communes/{id}/request-replacement", monitoring.ReplacementRequested),
    ReplacementAnswer: Verb(
        "communes/{id}/answer-replacement-request",
        monitoring.ReplacementAnswered,
        Client.COMMITTEE,
    ),
    Figure: Verb("units/{id}/report-figure", monitoring.FigureReported),
    RegulationFile: Verb("regulations/{id}/adopt", PolicyAdopted, Client.COMMITTEE),
    Targets: Verb("units/{id}/set-indicators", IndicatorsSet, Client.COMMITTEE),
    Actual: Verb("units/{id}/record-actual", ActualRecorded),
    CycleOpening: Verb("cycles/open", CycleOpened, Client.COMMITTEE),
    Enrolments: Verb("cycles/{id}/enrol", OfficialEnrolled, Client.COMMITTEE),
    RatingDecision: Verb("officials/{id}/decide-rating", RatingDecided, Client.COMMITTEE),
    CarryingOver: Verb("tasks/{id}/carry-over", TaskCarriedOver, Client.COMMITTEE),
    DutyToReport: Verb("tasks/{id}/set-report-duty", ReportDutySet, Client.COMMITTEE),
    Annulment: Verb("events/annul", EventsAnnulled),
}


class Step(NamedTuple):
    """A command about a subject (`task:ID`); its parameters tell the verb.

    The positions in its parameters count the sample's events about the subject, from 1: which ones
    are put right. The log's positions take their place when the step is sent.
    """

    subject: str
    params: Parameters

    @property
    def path(self) -> str:
        """The path below the ledger, without the slash."""
        return VERBS[type(self.params)].path.format(id=self.subject.partition(":")[2])

    @property
    def event(self) -> type[Event]:
        return VERBS[type(self.params)].event

    @property
    def events(self) -> tuple[type[Event], ...]:
        """What it records, in order: where it replaces something, the annulment first."""
        return (self.event,) if self.params.replaces is None else (EventsAnnulled, self.event)

    @property
    def by(self) -> Client:
        return VERBS[type(self.params)].by

    @property
    def puts_right(self) -> bool:
        return EventsAnnulled in self.events

    def body(self, recorded: Sequence[int] = ()) -> bytes:
        """Return the parameters as JSON.

        Args:
            recorded: the log's positions of the sample's events about the subject, in order.
        """

        def of_log(positions: Iterable[int]) -> dict[str, tuple[int, ...]]:
            return {"positions": tuple(recorded[nth - 1] for nth in positions)}

        params = self.params
        if isinstance(params, Annulment):
            params = params.model_copy(update=of_log(params.positions))
        elif params.replaces is not None:
            replaces = params.replaces.model_copy(update=of_log(params.replaces.positions))
            params = params.model_copy(update={"replaces": replaces})
        return params.model_dump_json(exclude_none=True).encode()


class Chain:
    """Steps about one subject (`task:ID`), each sent when the previous one is done.

    A chain of a later stage may continue the same subject.
    """

    def __init__(self, subject: str, *commands: Parameters) -> None:
        self.subject = subject
        self.steps = tuple(Step(subject, params) for params in commands)
