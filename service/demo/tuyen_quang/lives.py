"""Lives: the steps of a sample task from its registration or commission to its end."""

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from hashlib import sha256
from typing import Self

from domain.kernel import Parameters
from domain.tasks.beginning.approval import Approval
from domain.tasks.beginning.assignment import Assignment
from domain.tasks.beginning.commission import Commission
from domain.tasks.beginning.registration import Registration
from domain.tasks.ending.completion import Claim, Confirmation
from domain.tasks.proposal import Evidence, Indicator, IndicatorValue, Milestone, Proposal
from domain.tasks.responsibility.handover import Acceptance, HandoverToSuccessor
from domain.tasks.responsibility.transfer import Transfer
from domain.tasks.term import Period, Year, Yearly
from domain.tasks.work.plan import NewPlanStep, Plan
from domain.tasks.work.progress import ProgressReport
from domain.values import Basis
from service.demo.organisation import COMMITTEE
from service.demo.steps import Chain

# The regulation is cited both as 30-NQ/TU and as 30-QĐ/TU: it is a regulation, "Quy định".
REGULATION = Basis(
    number="30-QĐ/TU", issued_on=date(2020, 5, 20), issuing_body="Tỉnh ủy Tuyên Quang"
)


def one(code: str, name: str, measure: str) -> Indicator:
    """An indicator that is reached once one such thing is done."""
    return Indicator(code=code, name=name, target=Decimal(1), measure=measure)


RESULTS = one("results", "Kết quả đã đăng ký", "kết quả")


@dataclass(frozen=True, slots=True)
class Matter:
    """The subject of a task.

    Attributes:
        field: the field of administration, such as `land`.
        kinds: why it counts as a breakthrough (B4).
        indicators: code, name, target and unit of measure.
    """

    title: str
    goal: str
    field: str
    kinds: tuple[str, ...]
    indicators: tuple[Indicator, ...] = (RESULTS,)


@dataclass(slots=True)
class Life:
    """The life of one task: its commands in their order."""

    task_id: str
    post_id: str
    matter: Matter
    term: Year | Yearly | Period
    basis: Basis
    commands: list[Parameters] = field(default_factory=list)

    def chain(self) -> Chain:
        return Chain(f"task:{self.task_id}", *self.commands)

    def registered(self, on: date, official_id: str, *, approved_on: date) -> Self:
        """The official proposes the task, and the Standing Committee approves it."""
        registration = Registration(
            task_id=self.task_id,
            official_id=official_id,
            post_id=self.post_id,
            proposal=self._proposal(on),
            effective_on=on,
        )
        approval = Approval(effective_on=approved_on, on_behalf_of=COMMITTEE, basis=self.basis)
        return self._then(registration, approval)

    def commissioned(self, on: date) -> Self:
        """The Standing Committee orders the task ("đặt hàng")."""
        commission = Commission(
            task_id=self.task_id,
            post_id=self.post_id,
            proposal=self._proposal(on),
            effective_on=on,
            on_behalf_of=COMMITTEE,
            basis=self.basis,
        )
        return self._then(commission)

    def assigned(self, on: date, official_id: str) -> Self:
        assignment = Assignment(
            post_id=self.post_id,
            official_id=official_id,
            effective_on=on,
            on_behalf_of=COMMITTEE,
            basis=self.basis,
        )
        return self._then(assignment)

    def planned(self, on: date) -> Self:
        step = NewPlanStep(
            title="Thực hiện theo lộ trình đã đăng ký",
            due_on=self._due_on(on),
            performed_by="Người chủ trì",
        )
        summary = "Mục tiêu, nhiệm vụ, giải pháp và phân công cụ thể."
        return self._then(Plan(summary=summary, steps=(step,), effective_on=on))

    def reported(self, on: date, narrative: str, share_percent: int | None = None) -> Self:
        share = None if share_percent is None else Decimal(share_percent)
        report = ProgressReport(narrative=narrative, share_percent=share, effective_on=on)
        return self._then(report)

    def handed_over(self, offered_on: date, accepted_on: date, to_official: str) -> Self:
        """The predecessor offers the task, and the successor in the same post accepts it."""
        offer = HandoverToSuccessor(
            to_official=to_official,
            state_summary="Đã có kế hoạch; đang giải phóng mặt bằng; hồ sơ bàn giao kèm theo.",
            effective_on=offered_on,
        )
        return self._then(offer, Acceptance(effective_on=accepted_on))

    def transferred(self, on: date, to_post: str, reason: str) -> Self:
        transfer = Transfer(
            to_post=to_post,
            reason=reason,
            effective_on=on,
            on_behalf_of=COMMITTEE,
            basis=self.basis,
        )
        return self._then(transfer)

    def completed(self, on: date, summary: str, *, confirmed_on: date) -> Self:
        """Every target is reached on that day, and the committee confirms it later."""
        values = tuple(
            IndicatorValue(code=indicator.code, actual=indicator.target)
            for indicator in self.matter.indicators
        )
        evidence = (_evidence(self.task_id),)
        claim = Claim(summary=summary, values=values, evidence=evidence, effective_on=on)
        return self._then(claim, Confirmation(effective_on=confirmed_on, on_behalf_of=COMMITTEE))

    def _proposal(self, on: date) -> Proposal:
        milestone = Milestone(title="Hoàn thành mục tiêu đã đăng ký", due_on=self._due_on(on))
        return Proposal(
            title=self.matter.title,
            goal=self.matter.goal,
            indicators=self.matter.indicators,
            roadmap=(milestone,),
            kinds=self.matter.kinds,
            field=self.matter.field,
            term=self.term,
        )

    def _due_on(self, on: date) -> date:
        return self.term.last_day or date(on.year, 12, 31)

    def _then(self, *commands: Parameters) -> Self:
        self.commands += commands
        return self


def _evidence(task_id: str) -> Evidence:
    """A stand-in for the report that closed the task: its bytes are the task's id."""
    return Evidence(
        title="Báo cáo kết quả thực hiện (văn bản mẫu)",
        sha256=sha256(task_id.encode()).hexdigest(),
        address=f"urn:sample:{task_id}",
    )
