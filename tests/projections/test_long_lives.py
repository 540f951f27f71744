"""A thing's own length: twice as long a life is folded with twice as much work, and no more."""

import gc
import json
import sys
from collections.abc import Sequence
from datetime import date, timedelta
from types import FrameType
from typing import Any

import pytest

from projections import PROJECTIONS
from projections.folding import FoldFailed
from projections.lives import rows_of
from projections.projection import Projection, RecordedEvent
from tests.examples.freeze import domain_events, example_path

FIRST_DAY = date(2021, 1, 4)
BEGINNINGS = {
    "task": ("task.registered", "task.approved", "task.assigned"),
    "unit": ("unit.established",),
    "post": ("post.created",),
    "official": ("official.registered",),
}
# What follows may presume another thing of the same life, one each time.
BEFORE = {
    "task.part_reported": "task.part_delegated",
    "task.part_closed": "task.part_delegated",
    "task.obstacle_resolved": "task.obstacle_raised",
    "task.reminder_answered": "task.reminder_issued",
    "task.co_accountable_released": "task.co_accountable_added",
    "task.corrected": "task.progress_reported",
}
SHORT = 40
# What each of so many has another of, as in a life.
EACH_ITS_OWN = {"number", "revision", "year"}
TEXTS = {"title", "name", "narrative", "summary", "description"}
VERSIONS = {kind: event.VERSION for kind, event in domain_events().items()}


def example(kind: str, number: int) -> dict[str, Any]:
    data: dict[str, Any] = json.loads(example_path(kind, VERSIONS[kind]).read_text("utf-8"))
    for name in EACH_ITS_OWN & data.keys():
        data[name] = number
    for name in TEXTS & data.keys():
        data[name] = f"{data[name]} {number}"
    return data


def life(projection: Projection, kind: str, length: int) -> list[RecordedEvent]:
    """A thing to which the same happens over and over."""
    events: list[RecordedEvent] = []

    def add(kind: str, number: int) -> None:
        data = example(kind, number)
        data["effective_on"] = (FIRST_DAY + timedelta(days=len(events))).isoformat()
        if kind == "task.corrected":
            data["sequence"] = len(events)
        events.append(RecordedEvent(len(events) + 1, kind, data))

    for beginning in BEGINNINGS[projection.tag_prefix.removesuffix(":")]:
        add(beginning, 1)
    for number in range(1, length + 1):
        if kind in BEFORE:
            add(BEFORE[kind], number)
        add(kind, number)
    return [event for event in events if event.type in projection.folds]


def work(projection: Projection, events: Sequence[RecordedEvent]) -> int:
    """How many functions are called to fold these events, whatever they cost."""
    calls = 0

    def count(_: FrameType, what: str, __: object) -> None:
        nonlocal calls
        calls += what in {"call", "c_call"}

    # What other tests left behind may call functions of its own when it is collected.
    gc.disable()
    sys.setprofile(count)
    try:
        rows_of(projection, events)
    finally:
        sys.setprofile(None)
        gc.enable()
    return calls


@pytest.mark.parametrize("prefix", BEGINNINGS)
def test_no_fold_is_more_than_linear_in_the_length_of_a_life(prefix: str) -> None:
    found: dict[str, float] = {}
    folded = 0
    for projection in PROJECTIONS:
        if projection.tag_prefix != f"{prefix}:":
            continue
        for kind in sorted(projection.folds):
            short, long = (life(projection, kind, SHORT * times) for times in (1, 2))
            try:
                # What is remembered of texts is so of both, before the work is counted.
                for one in (short, long):
                    rows_of(projection, one)
            except FoldFailed:
                continue  # it happens once in a life
            folded += 1
            ratio = work(projection, long) / work(projection, short)
            if ratio > 2.1:
                found[f"{projection.name} {kind}"] = ratio
    assert found == {}
    assert folded
