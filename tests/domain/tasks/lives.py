"""The verbs that random lives try, and what each may be told."""

from datetime import date
from typing import Any

from hypothesis import strategies as st

from domain.kernel import Command
from domain.tasks.advice import AdviseOnTask
from domain.tasks.amendment import AmendTask
from domain.tasks.approval import ApproveTask, RejectTask
from domain.tasks.assignment import AssignTask
from domain.tasks.cancellation import CancelTask
from domain.tasks.co_accountability import (
    AddCoAccountable,
    HandOverCoAccountability,
    ReleaseCoAccountable,
)
from domain.tasks.collective import BindCollective, FindResponsibility
from domain.tasks.completion import ClaimCompletion, ConfirmCompletion, ReturnCompletion
from domain.tasks.corrections import CorrectEvent
from domain.tasks.delegation import ClosePart, DelegatePart, ReportOnPart
from domain.tasks.effects import RecordEffect
from domain.tasks.handover import AcceptHandover, DeclineHandover, HandOver, OfferHandover
from domain.tasks.obstacles import RaiseObstacle, ResolveObstacle
from domain.tasks.plan import SubmitPlan
from domain.tasks.progress import ReportProgress
from domain.tasks.registration import RegisterTask
from domain.tasks.reminders import AnswerReminder, Remind
from domain.tasks.reports_due import SetReportDuty
from domain.tasks.results import RecordPartialResult
from domain.tasks.revision import ApproveRevision, RefuseRevision, RequestRevision, ReviseTask
from domain.tasks.scoring import ScoreTask
from domain.tasks.solutions import ApproveSolution, ProposeSolution, RejectSolution
from domain.tasks.transfer import TransferTask
from domain.tasks.vacancy import FillVacancy, VacateTask
from tests.domain.cast import (
    AGENCY,
    CHAIR,
    CHAIRMAN,
    COMMITTEE,
    DEPUTIES,
    DISTRICT_STATE,
    EVIDENCE,
    PREDECESSOR,
    PROPOSAL,
    RECURRING,
    SECRETARY,
    SUCCESSOR,
)

Told = st.SearchStrategy[dict[str, Any]]

OFFICIALS = st.sampled_from([PREDECESSOR, SUCCESSOR, CHAIR])
POSTS = st.sampled_from([SECRETARY, CHAIRMAN, DEPUTIES])
PROPOSALS = st.sampled_from([PROPOSAL, RECURRING])
NUMBERS = st.integers(1, 2)
SUMMARY = "Tình hình"
REASON = {"reason": SUMMARY}
VALUES = ({"code": "kilns", "actual": 40},)


def told(**said: Any) -> Told:
    """Parameters drawn where they vary, else as they stand."""
    return st.fixed_dictionaries(
        {
            name: value if isinstance(value, st.SearchStrategy) else st.just(value)
            for name, value in said.items()
        }
    )


SOON = date(2021, 3, 1)
TARGETS = st.integers(1, 200).map(lambda target: ({"code": "kilns", "target": target},))
READINGS = st.sampled_from(
    [
        {"kind": "progress", "values": ({"code": "kilns", "actual": 98},)},
        {"kind": "claim", "summary": SUMMARY},
        {"kind": "proposal", "title": "Tên khác"},
    ]
)

BEGINNING: dict[type[Command[Any]], Told] = {
    RegisterTask: told(official_id=OFFICIALS, post_id=POSTS, proposal=PROPOSALS),
    AdviseOnTask: told(recommendation="approve", opinion=SUMMARY, on_behalf_of=AGENCY),
    AmendTask: told(proposal=PROPOSALS, **REASON),
    ApproveTask: told(),
    RejectTask: told(**REASON),
    AssignTask: told(official_id=st.sampled_from([None, PREDECESSOR])),
}
WORK: dict[type[Command[Any]], Told] = {
    SubmitPlan: told(
        summary=SUMMARY,
        steps=({"title": "Bước", "due_on": date(2021, 6, 1), "performed_by": "Phòng"},),
    ),
    ReportProgress: told(narrative=SUMMARY, values=VALUES),
    RecordPartialResult: told(summary=SUMMARY, values=VALUES),
    RecordEffect: told(kind="lesson", title="Bài học", description=SUMMARY, evidence=(EVIDENCE,)),
    ReviseTask: told(targets=TARGETS, due_on=st.sampled_from([None, SOON]), **REASON),
    CorrectEvent: told(sequence=st.integers(1, 8), reading=READINGS, **REASON),
    SetReportDuty: told(duty={"cadence": "monthly", "day": 25}),
    BindCollective: told(collective=DISTRICT_STATE),
    FindResponsibility: told(official_id=OFFICIALS, finding=SUMMARY),
}
HANDS: dict[type[Command[Any]], Told] = {
    OfferHandover: told(to_official=OFFICIALS, state_summary=SUMMARY),
    AcceptHandover: told(),
    DeclineHandover: told(**REASON),
    HandOver: told(to_official=OFFICIALS, state_summary=SUMMARY),
    TransferTask: told(to_post=POSTS, **REASON),
    VacateTask: told(**REASON),
    FillVacancy: told(post_id=st.none() | POSTS, official_id=OFFICIALS, state_summary=SUMMARY),
    AddCoAccountable: told(post_id=POSTS, official_id=OFFICIALS),
    ReleaseCoAccountable: told(official_id=OFFICIALS, **REASON),
    HandOverCoAccountability: told(
        from_official=OFFICIALS, to_official=OFFICIALS, state_summary=SUMMARY
    ),
}
ENDING: dict[type[Command[Any]], Told] = {
    ClaimCompletion: told(summary=SUMMARY, evidence=(EVIDENCE,)),
    ReturnCompletion: told(**REASON),
    ConfirmCompletion: told(),
    ScoreTask: told(criteria=({"criterion": "Kết quả", "points": 70, "max_points": 70},), **REASON),
    CancelTask: told(**REASON),
}
MATTERS: dict[type[Command[Any]], Told] = {
    RaiseObstacle: told(field="land", description=SUMMARY, addressed_to=DISTRICT_STATE),
    ResolveObstacle: told(number=NUMBERS, resolution=SUMMARY),
    ProposeSolution: told(proposed_to=COMMITTEE, title="Hỗ trợ", description=SUMMARY),
    ApproveSolution: told(number=NUMBERS),
    RejectSolution: told(number=NUMBERS, **REASON),
    Remind: told(content=SUMMARY, answer_due_on=date(2199, 1, 1)),
    AnswerReminder: told(number=NUMBERS, answer=SUMMARY),
    RequestRevision: told(targets=TARGETS, **REASON),
    ApproveRevision: told(number=NUMBERS),
    RefuseRevision: told(number=NUMBERS, **REASON),
    DelegatePart: told(title="Phần việc", delegate_official=OFFICIALS, due_on=SOON),
    ReportOnPart: told(number=NUMBERS, share_percent=50, narrative=SUMMARY),
    ClosePart: told(number=NUMBERS, outcome=SUMMARY),
}
