"""The cast of the domain tests: one district, its secretary and chairman, and who follows them."""

from datetime import date
from typing import Any

from domain.organisation.events import (
    EndCause,
    OfficialRegistered,
    PostCreated,
    TenureEnded,
    TenureStarted,
    UnitEstablished,
    UnitKind,
)
from domain.tasks.changes import TaskVacated
from domain.tasks.events import (
    CompletionClaimed,
    CompletionConfirmed,
    TaskApproved,
    TaskAssigned,
    TaskHandedOver,
    TaskRegistered,
)
from domain.tasks.proposal import Evidence, Indicator, Milestone, Proposal
from domain.tasks.term import Year, Yearly

COMMITTEE = "btv-tinh-uy"
AGENCY = "ban-to-chuc-tinh-uy"
DISTRICT_PARTY = "huyen-uy-yen-son"
DISTRICT_STATE = "ubnd-yen-son"
SECRETARY = "bi-thu-yen-son"
CHAIRMAN = "chu-tich-yen-son"
DEPUTIES = "pho-chu-tich-yen-son"
PREDECESSOR = "can-bo-001"
SUCCESSOR = "can-bo-002"
CHAIR = "can-bo-003"
TASK = "lo-gach"

FOUNDED = date(2015, 1, 1)
REGISTERED = date(2021, 1, 4)
APPROVED = date(2021, 1, 5)
ASSIGNED = date(2021, 1, 6)
HANDOVER = date(2021, 6, 1)
DONE = date(2021, 10, 1)


def unit(
    unit_id: str, kind: str, parent: str | None = None, *, on: date = FOUNDED, **more: Any
) -> UnitEstablished:
    return UnitEstablished(
        effective_on=on, unit_id=unit_id, name=unit_id, kind=kind, parent_id=parent, **more
    )


def post(post_id: str, unit_id: str, *, heads: bool = False, seats: int = 1) -> PostCreated:
    return PostCreated(
        effective_on=FOUNDED,
        post_id=post_id,
        unit_id=unit_id,
        title=post_id,
        kind="district_leader",
        managed_by=COMMITTEE,
        heads_unit=heads,
        seats=seats,
    )


def official(official_id: str) -> OfficialRegistered:
    return OfficialRegistered(
        effective_on=FOUNDED, official_id=official_id, full_name=f"Cán bộ {official_id[-3:]}"
    )


def holds(official_id: str, post_id: str, unit_id: str, since: date = FOUNDED) -> TenureStarted:
    return TenureStarted(
        effective_on=since, official_id=official_id, post_id=post_id, unit_id=unit_id
    )


def leaves(official_id: str, post_id: str, unit_id: str, on: date) -> TenureEnded:
    return TenureEnded(
        effective_on=on,
        official_id=official_id,
        post_id=post_id,
        unit_id=unit_id,
        cause=EndCause.RETIREMENT,
    )


ORGANISATION = (
    unit(COMMITTEE, UnitKind.STANDING_COMMITTEE),
    unit(AGENCY, UnitKind.PARTY_AGENCY),
    unit(DISTRICT_PARTY, UnitKind.PARTY_COMMITTEE, COMMITTEE),
    unit(DISTRICT_STATE, UnitKind.PEOPLES_COMMITTEE),
    post(SECRETARY, DISTRICT_PARTY, heads=True),
    post(CHAIRMAN, DISTRICT_STATE, heads=True),
    post(DEPUTIES, DISTRICT_STATE, seats=2),
    official(PREDECESSOR),
    official(SUCCESSOR),
    official(CHAIR),
    holds(PREDECESSOR, SECRETARY, DISTRICT_PARTY),
    holds(CHAIR, CHAIRMAN, DISTRICT_STATE),
)

SUCCESSION = (
    leaves(PREDECESSOR, SECRETARY, DISTRICT_PARTY, HANDOVER),
    holds(SUCCESSOR, SECRETARY, DISTRICT_PARTY, HANDOVER),
)

PROPOSAL = Proposal(
    title="Chấm dứt hoạt động lò gạch thủ công",
    goal="Tháo dỡ toàn bộ lò gạch thủ công trên địa bàn huyện",
    indicators=(Indicator(code="kilns", name="Lò gạch tháo dỡ", target=98, measure="lò"),),
    roadmap=(Milestone(title="Đối thoại với các chủ lò", due_on=date(2021, 3, 31)),),
    kinds=("breakthrough", "backlog"),
    field="environment",
    term=Year(kind="year", year=2021),
)

RECURRING = PROPOSAL.model_copy(update={"term": Yearly(kind="yearly", from_year=2021)})

EVIDENCE = Evidence(
    title="Biên bản nghiệm thu", sha256="0" * 64, address="https://example.vn/bien-ban.pdf"
)

SHARED: dict[str, Any] = {
    "task_id": TASK,
    "official_id": PREDECESSOR,
    "post_id": SECRETARY,
    "unit_id": DISTRICT_PARTY,
}

TASK_REGISTERED = TaskRegistered(
    **SHARED,
    effective_on=REGISTERED,
    managed_by=COMMITTEE,
    registered_by="client:registry",
    proposal=PROPOSAL,
)
TASK_APPROVED = TaskApproved(**SHARED, effective_on=APPROVED, approved_by=COMMITTEE)
TASK_ASSIGNED = TaskAssigned(
    **SHARED,
    effective_on=ASSIGNED,
    assigned_by=COMMITTEE,
    addressed_to="post",
    due_on=date(2021, 12, 31),
)
HANDED_OVER = TaskHandedOver(
    effective_on=HANDOVER,
    task_id=TASK,
    from_official=PREDECESSOR,
    to_official=SUCCESSOR,
    post_id=SECRETARY,
    unit_id=DISTRICT_PARTY,
    state_summary="Đã tháo dỡ 40 lò",
)
COMPLETION_CLAIMED = CompletionClaimed(
    **SHARED,
    effective_on=DONE,
    claimed_by="client:registry",
    summary="Đã tháo dỡ 98 lò",
    values=(),
    evidence=(EVIDENCE,),
)
COMPLETION_CONFIRMED = CompletionConfirmed(
    **SHARED, effective_on=DONE, confirmed_by=COMMITTEE, completed_on=DONE
)

IN_PROGRESS = (*ORGANISATION, TASK_REGISTERED, TASK_APPROVED, TASK_ASSIGNED)
YEARLY = (
    *ORGANISATION,
    TASK_REGISTERED.model_copy(update={"proposal": RECURRING}),
    TASK_APPROVED,
    TASK_ASSIGNED.model_copy(update={"due_on": None}),
)
TASK_VACATED = TaskVacated(
    **SHARED, effective_on=HANDOVER, vacated_by=COMMITTEE, reason="Nghỉ chế độ"
)
VACANT = (
    *IN_PROGRESS,
    leaves(PREDECESSOR, SECRETARY, DISTRICT_PARTY, HANDOVER),
    TASK_VACATED,
)
CLAIMED = (*IN_PROGRESS, COMPLETION_CLAIMED)
COMPLETED = (*CLAIMED, COMPLETION_CONFIRMED)
