"""Partial results and effects: what a task brings before, at and after its completion."""

from typing import Any

import pytest
from pydantic import ValidationError

from domain.kernel import Actor
from domain.tasks.command import IndicatorUnknown, NotAnswerable, TaskNotInProgress
from domain.tasks.proposal import IndicatorValue
from domain.tasks.work.effects import EffectKind, EffectRecorded, RecordEffect
from domain.tasks.work.results import PartialResultRecorded, RecordPartialResult
from tests.domain.cast import (
    CHAIR,
    COMPLETED,
    DONE,
    EVIDENCE,
    HANDOVER,
    IN_PROGRESS,
    ORGANISATION,
    PREDECESSOR,
    SHARED,
    TASK,
    TASK_REGISTERED,
)
from tests.domain.scenario import given

GOING_ON = given(*IN_PROGRESS)
FORTY = IndicatorValue(code="kilns", actual=40)
RESULT: dict[str, Any] = {"summary": "Đã tháo dỡ 40/98 lò", "values": (FORTY,)}
EFFECT: dict[str, Any] = {
    "kind": "model",
    "title": "Đối thoại trước khi tháo dỡ",
    "description": "Có thể nhân rộng",
    "evidence": (EVIDENCE,),
}


def test_a_partial_result_is_recorded_and_the_task_goes_on() -> None:
    result = PartialResultRecorded(**SHARED, effective_on=HANDOVER, **RESULT, evidence=())
    GOING_ON.when(RecordPartialResult, TASK, on=HANDOVER, **RESULT).then(result).when(
        RecordPartialResult, TASK, on=HANDOVER, **RESULT
    ).then(result)


def test_a_partial_result_is_of_a_task_in_progress_and_its_indicators() -> None:
    given(*COMPLETED).when(RecordPartialResult, TASK, **RESULT).refuses(TaskNotInProgress)
    roads = {"code": "roads", "actual": 1}
    GOING_ON.when(RecordPartialResult, TASK, summary="…", values=(roads,)).refuses(IndicatorUnknown)
    GOING_ON.when(RecordPartialResult, TASK, by=Actor(f"official:{CHAIR}"), **RESULT).refuses(
        NotAnswerable
    )


@pytest.mark.parametrize("kind", list(EffectKind))
def test_effects_lessons_and_models_are_recorded_also_of_a_completed_task(
    kind: EffectKind,
) -> None:
    params = {**EFFECT, "kind": kind}
    for history, day in ((IN_PROGRESS, HANDOVER), (COMPLETED, DONE)):
        given(*history).when(
            RecordEffect, TASK, by=Actor(f"official:{PREDECESSOR}"), on=day, **params
        ).then(EffectRecorded(**SHARED, effective_on=day, **params))


def test_an_effect_has_evidence_and_a_task_that_was_assigned() -> None:
    with pytest.raises(ValidationError, match="evidence"):
        GOING_ON.when(RecordEffect, TASK, **{**EFFECT, "evidence": ()})
    given(*ORGANISATION, TASK_REGISTERED).when(RecordEffect, TASK, **EFFECT).refuses(
        TaskNotInProgress
    )
    GOING_ON.when(RecordEffect, TASK, by=Actor(f"official:{CHAIR}"), **EFFECT).refuses(
        NotAnswerable
    )
