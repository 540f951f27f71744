"""Single lives, told one by one: who is counted, who answers, and how a correction reads."""

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import pytest

from domain.kernel import Event
from domain.tasks.changes import TaskCorrected, TaskRevised, TaskVacated, VacancyFilled
from domain.tasks.events import ProgressReported, TaskHandedOver, TaskTransferred
from domain.tasks.responsibility.co_accountability import CoAccountableAdded
from projections.tasks.completion_rates import Counts, rates
from projections.tasks.listing import one_task
from projections.tasks.responsibility_spans import of_official, of_task
from tests.domain.cast import (
    ASSIGNED,
    CHAIR,
    CHAIRMAN,
    COMMITTEE,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    PREDECESSOR,
    SECRETARY,
    SHARED,
    SUCCESSOR,
    TASK,
    TASK_APPROVED,
    TASK_ASSIGNED,
    TASK_REGISTERED,
)
from tests.projections.conftest import Recorder
from tests.projections.tasks.test_listing import fetched, items

BEGUN: tuple[Event, ...] = (TASK_REGISTERED, TASK_APPROVED, TASK_ASSIGNED)
LATER = ASSIGNED + timedelta(30)
BEFORE = LATER - timedelta(1)


class Told:
    """A life that is recorded and folded."""

    def __init__(self, recorder: Recorder, ledger: str) -> None:
        self.recorder = recorder
        self.ledger = ledger

    async def counts(self, group_by: str, day: date) -> dict[str, dict[str, int]]:
        """What is not 0, by group."""
        statement = rates(group_by, frozenset(), continued=False)
        rows = await fetched(self.recorder, self.ledger, statement, as_of=day)
        counted = {row["group"]: Counts(*list(row.values())[2:])._asdict() for row in rows}
        return {
            group: {name: count for name, count in counts.items() if count}
            for group, counts in counted.items()
        }

    async def task(self, day: date) -> dict[str, Any]:
        statement = one_task(current=False)
        [row] = await fetched(self.recorder, self.ledger, statement, task=TASK, as_of=day)
        found: dict[str, Any] = json.loads(row["item"])
        return found

    async def spans(self, **owner: str) -> list[tuple[Any, ...]]:
        statement = (of_task if "task" in owner else of_official)(continued=False)
        found = await items(
            self.recorder,
            self.ledger,
            statement,
            from_on=date(1900, 1, 1),
            to_on=date(2199, 12, 31),
            **owner,
        )
        return [(one["role"], one["official_id"], one["from_on"], one["to_on"]) for one in found]


async def told(recorder: Recorder, *events: Event, batch: int = 1) -> Told:
    ledger = await recorder.new_ledger()
    await recorder.record(ledger, [*BEGUN, *events])
    await recorder.fold(ledger, batch)
    return Told(recorder, ledger)


def transferred(to_official: str, to_post: str, to_unit: str) -> Event:
    return TaskTransferred(
        effective_on=LATER,
        task_id=TASK,
        from_official=PREDECESSOR,
        from_post=SECRETARY,
        from_unit=DISTRICT_PARTY,
        to_official=to_official,
        to_post=to_post,
        to_unit=to_unit,
        decided_by=COMMITTEE,
        reason="Điều chuyển",
    )


async def test_a_transfer_within_a_unit_is_none_for_the_unit(recorder: Recorder) -> None:
    life = await told(recorder, transferred(CHAIR, "pho-bi-thu", DISTRICT_PARTY))
    assert await life.counts("unit", LATER) == {
        DISTRICT_PARTY: {"assigned": 1, "in_progress_in_time": 1}
    }
    assert await life.counts("official", LATER) == {
        PREDECESSOR: {"assigned": 1, "transferred": 1},
        CHAIR: {"assigned": 1, "in_progress_in_time": 1},
    }


async def test_a_transfer_in_which_the_same_official_goes_on_counts_once_for_the_official(
    recorder: Recorder,
) -> None:
    life = await told(recorder, transferred(PREDECESSOR, CHAIRMAN, DISTRICT_STATE))
    by_official = await life.counts("official", LATER)
    assert by_official[PREDECESSOR].pop("transferred_in") == 1
    assert by_official == {PREDECESSOR: {"assigned": 1, "in_progress_in_time": 1}}
    assert await life.counts("unit", LATER) == {
        DISTRICT_PARTY: {"assigned": 1, "transferred": 1},
        DISTRICT_STATE: {"assigned": 1, "transferred_in": 1, "in_progress_in_time": 1},
    }


def corrected(sequence: int, reading: dict[str, Any], *, on: date = LATER) -> Event:
    return TaskCorrected.model_validate(
        {
            **SHARED,
            "effective_on": on,
            "sequence": sequence,
            "corrected_type": "task.registered",
            "decided_by": COMMITTEE,
            "reading": reading,
            "reason": "Nhầm",
        }
    )


async def test_a_corrected_field_counts_from_the_correction_on(recorder: Recorder) -> None:
    life = await told(recorder, corrected(1, {"kind": "proposal", "field": "land"}))
    one = {"assigned": 1, "in_progress_in_time": 1}
    assert await life.counts("field", BEFORE) == {"environment": one}
    assert await life.counts("field", LATER) == {"land": one}


async def test_a_day_is_overdue_by_the_deadline_of_that_day(recorder: Recorder) -> None:
    revised = TaskRevised(
        **SHARED,
        effective_on=LATER,
        revised_by=COMMITTEE,
        request=None,
        targets=(),
        due_on=LATER,
        reason="Sớm hơn",
    )
    life = await told(recorder, revised)
    for day, count in ((LATER, "in_progress_in_time"), (LATER + timedelta(1), "overdue")):
        assert await life.counts("none", day) == {"all": {"assigned": 1, count: 1}}


def reported(on: date, actual: int, share: int) -> Event:
    return ProgressReported.model_validate(
        {
            **SHARED,
            "effective_on": on,
            "narrative": "Đang làm",
            "share_percent": share,
            "values": [{"code": "kilns", "actual": actual}],
        }
    )


@pytest.mark.parametrize("batch", [1, 500])
async def test_a_corrected_report_reads_otherwise_from_the_correction_on(
    recorder: Recorder, batch: int
) -> None:
    first, second = ASSIGNED + timedelta(1), ASSIGNED + timedelta(2)
    reports = (reported(first, 40, 40), reported(second, 60, 60))
    of_first = corrected(4, {"kind": "progress", "share_percent": 41}, on=LATER)
    of_second = corrected(
        5,
        {"kind": "progress", "values": [{"code": "kilns", "actual": 50}]},
        on=LATER + timedelta(1),
    )
    life = await told(recorder, *reports, of_first, of_second, batch=batch)
    read = [
        (found["share_percent"], found["indicators"][0]["actual"])
        for found in [await life.task(day) for day in (first, BEFORE, LATER, LATER + timedelta(1))]
    ]
    assert read == [("40", "40"), ("60", "60"), ("60", "60"), ("60", "50")]


async def test_who_comes_to_lead_answers_beside_the_lead_no_longer(recorder: Recorder) -> None:
    added = CoAccountableAdded(
        **{**SHARED, "official_id": SUCCESSOR}, effective_on=ASSIGNED, added_by=COMMITTEE
    )
    handed_over = TaskHandedOver(
        effective_on=LATER,
        task_id=TASK,
        from_official=PREDECESSOR,
        to_official=SUCCESSOR,
        post_id=SECRETARY,
        unit_id=DISTRICT_PARTY,
        state_summary="Đang làm",
    )
    life = await told(recorder, added, handed_over)
    assert await life.spans(official=SUCCESSOR) == [
        ("co", SUCCESSOR, str(ASSIGNED), str(BEFORE)),
        ("lead", SUCCESSOR, str(LATER), None),
    ]


def vacancy(filled_on: date) -> Sequence[Event]:
    vacated = TaskVacated(**SHARED, effective_on=LATER, vacated_by=COMMITTEE, reason="Nghỉ")
    filled = VacancyFilled(
        **{**SHARED, "official_id": SUCCESSOR},
        effective_on=filled_on,
        filled_by=COMMITTEE,
        state_summary="Đang làm",
    )
    return vacated, filled


@pytest.mark.parametrize("batch", [1, 500])
async def test_a_vacancy_names_nobody_and_leaves_no_trace_if_it_lasted_no_day(
    recorder: Recorder, batch: int
) -> None:
    week = LATER + timedelta(7)
    life = await told(recorder, *vacancy(filled_on=week), batch=batch)
    led = ("lead", PREDECESSOR, str(ASSIGNED), str(BEFORE))
    assert await life.spans(task=TASK) == [
        led,
        ("lead", None, str(LATER), str(week - timedelta(1))),
        ("lead", SUCCESSOR, str(week), None),
    ]
    assert await life.counts("official", LATER) == {PREDECESSOR: {"vacated": 1}}
    assert await life.counts("unit", LATER) == {
        DISTRICT_PARTY: {"assigned": 1, "in_progress_in_time": 1, "vacated": 1, "vacant": 1}
    }
    at_once = await told(recorder, *vacancy(filled_on=LATER), batch=batch)
    assert await at_once.spans(task=TASK) == [led, ("lead", SUCCESSOR, str(LATER), None)]
