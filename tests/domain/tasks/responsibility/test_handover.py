"""Handover and transfer: who takes over a task, from when, and by whose decision."""

from datetime import date
from typing import Any

from domain.kernel import Actor, DocumentRequired, NotTheEntitledBody
from domain.organisation.organisation import NotThePostHolder
from domain.tasks.command import NotAnswerable, SpanWouldBeEmpty, TaskNotInProgress
from domain.tasks.events import HandoverDeclined, HandoverOffered, TaskTransferred
from domain.tasks.responsibility.handover import (
    AcceptHandover,
    AlreadyAnswers,
    DeclineHandover,
    HandOver,
    HandoverAlreadyOffered,
    HandoverNotOffered,
    NotTheSuccessor,
    OfferHandover,
)
from domain.tasks.responsibility.transfer import TransferTask, TransferToSamePost
from tests.domain.cast import (
    ASSIGNED,
    CHAIR,
    CHAIRMAN,
    COMMITTEE,
    COMPLETED,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    HANDED_OVER,
    HANDOVER,
    IN_PROGRESS,
    PREDECESSOR,
    SECRETARY,
    SUCCESSION,
    SUCCESSOR,
    TASK,
)
from tests.domain.scenario import DECISION, OFFICE, given

SUCCEEDED = given(*IN_PROGRESS, *SUCCESSION)
OFFERED = HandoverOffered(
    effective_on=HANDOVER,
    task_id=TASK,
    from_official=PREDECESSOR,
    to_official=SUCCESSOR,
    post_id=SECRETARY,
    unit_id=DISTRICT_PARTY,
    state_summary="Đã tháo dỡ 40 lò",
)
SAID: dict[str, Any] = {"to_official": SUCCESSOR, "state_summary": "Đã tháo dỡ 40 lò"}
BY_PREDECESSOR = Actor(f"official:{PREDECESSOR}")
BY_SUCCESSOR = Actor(f"official:{SUCCESSOR}")


def test_the_successor_takes_over_the_task() -> None:
    SUCCEEDED.when(OfferHandover, TASK, by=BY_PREDECESSOR, on=HANDOVER, **SAID).then(OFFERED).when(
        AcceptHandover, TASK, by=BY_SUCCESSOR, on=HANDOVER
    ).then(HANDED_OVER)


def test_the_authority_orders_a_handover_citing_its_decision() -> None:
    SUCCEEDED.when(
        HandOver, TASK, by=OFFICE, on=HANDOVER, on_behalf_of=COMMITTEE, basis=DECISION, **SAID
    ).then(HANDED_OVER.model_copy(update={"decided_by": COMMITTEE}))


def test_an_ordered_handover_needs_the_entitled_body_and_a_document() -> None:
    SUCCEEDED.when(HandOver, TASK, on_behalf_of=DISTRICT_PARTY, basis=DECISION, **SAID).refuses(
        NotTheEntitledBody
    )
    SUCCEEDED.when(HandOver, TASK, on_behalf_of=COMMITTEE, **SAID).refuses(DocumentRequired)


def test_the_successor_declines_and_the_predecessor_goes_on() -> None:
    SUCCEEDED.given(OFFERED).when(
        DeclineHandover, TASK, by=BY_SUCCESSOR, on=HANDOVER, reason="Hồ sơ chưa đủ"
    ).then(
        HandoverDeclined(
            effective_on=HANDOVER,
            task_id=TASK,
            from_official=PREDECESSOR,
            to_official=SUCCESSOR,
            post_id=SECRETARY,
            unit_id=DISTRICT_PARTY,
            reason="Hồ sơ chưa đủ",
        )
    ).when(OfferHandover, TASK, by=BY_SUCCESSOR, on=HANDOVER, **SAID).refuses(NotAnswerable)


def test_only_who_holds_the_post_succeeds_in_it() -> None:
    SUCCEEDED.when(OfferHandover, TASK, **{**SAID, "to_official": CHAIR}).refuses(NotThePostHolder)
    SUCCEEDED.when(OfferHandover, TASK, on=date(2021, 5, 31), **SAID).refuses(NotThePostHolder)


def test_nobody_hands_over_to_themselves() -> None:
    SUCCEEDED.when(OfferHandover, TASK, **{**SAID, "to_official": PREDECESSOR}).refuses(
        AlreadyAnswers
    )


def test_a_task_is_offered_to_one_successor_at_a_time() -> None:
    SUCCEEDED.given(OFFERED).when(OfferHandover, TASK, **SAID).refuses(HandoverAlreadyOffered)


def test_only_the_successor_accepts_or_declines() -> None:
    offered = SUCCEEDED.given(OFFERED)
    offered.when(AcceptHandover, TASK, by=BY_PREDECESSOR).refuses(NotTheSuccessor)
    offered.when(DeclineHandover, TASK, by=BY_PREDECESSOR, reason="Không").refuses(NotTheSuccessor)


def test_what_is_not_offered_is_not_accepted() -> None:
    SUCCEEDED.when(AcceptHandover, TASK, by=BY_SUCCESSOR).refuses(HandoverNotOffered)


def test_a_completed_task_is_not_handed_over() -> None:
    given(*COMPLETED, *SUCCESSION).when(OfferHandover, TASK, **SAID).refuses(TaskNotInProgress)


def test_a_transfer_recorded_late_leaves_a_later_handover_nothing_to_hand_over() -> None:
    ordered = HANDED_OVER.model_copy(update={"decided_by": COMMITTEE})
    SUCCEEDED.given(ordered).when(
        TransferTask,
        TASK,
        on=date(2021, 3, 1),
        on_behalf_of=COMMITTEE,
        basis=DECISION,
        to_post=CHAIRMAN,
        reason="Điều chuyển",
    ).contradicts(ordered)


def test_the_task_moves_to_another_unit() -> None:
    given(*IN_PROGRESS).when(
        TransferTask,
        TASK,
        by=OFFICE,
        on=HANDOVER,
        on_behalf_of=COMMITTEE,
        basis=DECISION,
        to_post=CHAIRMAN,
        reason="Điều chuyển địa giới hành chính",
    ).then(
        TaskTransferred(
            effective_on=HANDOVER,
            task_id=TASK,
            from_official=PREDECESSOR,
            from_post=SECRETARY,
            from_unit=DISTRICT_PARTY,
            to_official=CHAIR,
            to_post=CHAIRMAN,
            to_unit=DISTRICT_STATE,
            decided_by=COMMITTEE,
            reason="Điều chuyển địa giới hành chính",
        )
    )


def test_within_one_post_a_task_is_handed_over_not_transferred() -> None:
    SUCCEEDED.when(
        TransferTask,
        TASK,
        on_behalf_of=COMMITTEE,
        basis=DECISION,
        to_post=SECRETARY,
        reason="Thay người",
    ).refuses(TransferToSamePost)


def test_everybody_who_answers_answers_for_a_day_at_least() -> None:
    given(*IN_PROGRESS).when(
        TransferTask,
        TASK,
        on=ASSIGNED,
        on_behalf_of=COMMITTEE,
        basis=DECISION,
        to_post=CHAIRMAN,
        reason="Giao nhầm",
    ).refuses(SpanWouldBeEmpty)
