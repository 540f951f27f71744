"""The three plain patterns of a projection: recorded once, revised, opened and settled."""

import pytest

from domain.tasks.matters.obstacles import ObstacleRaised, ObstacleResolved
from domain.tasks.work.effects import EffectRecorded
from projections.folding import Folding
from projections.projection import (
    FOREVER,
    IsoDay,
    Name,
    Occurrence,
    Projection,
    RecordedEvent,
    Row,
    Version,
)
from projections.records import recorded_once, revised, settling

BEGUN, LATER = "2021-03-01", "2021-04-01"


class EffectRow(Occurrence):
    """An effect of a task."""

    task_id: Name
    title: str
    recorded_on: IsoDay


class ObstacleRow(Version):
    """An obstacle, and how it was resolved."""

    task_id: Name
    number: int
    description: str
    raised_on: IsoDay
    resolved_on: IsoDay | None
    resolution: str | None


class MisspeltRow(Occurrence):
    """A row with a column that no effect fills."""

    task_id: Name
    titel: str
    recorded_on: IsoDay


class GivenRow(Version):
    """An effect as it was given last."""

    task_id: Name
    title: str
    first_on: IsoDay


OBSTACLES = settling(
    "obstacles_tried",
    ObstacleRow,
    key=("task_id", "number"),
    opened=ObstacleRaised,
    opened_on="raised_on",
    settled=ObstacleResolved,
    settled_on="resolved_on",
    answers=("resolution",),
)
RAISED = {"task_id": "t", "number": 1, "description": "Đất", "effective_on": BEGUN}
RESOLVED = {"task_id": "t", "number": 1, "resolution": "Xong", "effective_on": LATER}


def folded(projection: Projection, *events: tuple[str, Row]) -> list[Row]:
    folding = Folding(projection, {})
    folding.fold(
        RecordedEvent(position, type_, data) for position, (type_, data) in enumerate(events, 1)
    )
    return folding.changed()


def test_what_is_settled_has_a_row_before_and_a_row_after() -> None:
    before, after = folded(
        OBSTACLES, (ObstacleRaised.TYPE, RAISED), (ObstacleResolved.TYPE, RESOLVED)
    )
    assert (before["valid_from"], before["valid_to"], before["resolved_on"]) == (BEGUN, LATER, None)
    assert (after["valid_from"], after["valid_to"], after["position"]) == (LATER, FOREVER, 2)
    assert (after["raised_on"], after["resolved_on"], after["resolution"]) == (BEGUN, LATER, "Xong")
    assert after["description"] == "Đất"


def test_what_is_settled_on_its_first_day_has_one_row() -> None:
    [row] = folded(
        OBSTACLES,
        (ObstacleRaised.TYPE, RAISED),
        (ObstacleResolved.TYPE, {**RESOLVED, "effective_on": BEGUN}),
    )
    assert (row["valid_from"], row["resolved_on"], row["position"]) == (BEGUN, BEGUN, 2)


def test_what_is_revised_keeps_the_day_on_which_it_was_given_first() -> None:
    given = revised("given", GivenRow, key=("task_id",), event=EffectRecorded, first_on="first_on")
    first, last = folded(
        given,
        (EffectRecorded.TYPE, {"task_id": "t", "title": "một", "effective_on": BEGUN}),
        (EffectRecorded.TYPE, {"task_id": "t", "title": "hai", "effective_on": LATER}),
    )
    assert (first["title"], first["valid_to"], first["first_on"]) == ("một", LATER, BEGUN)
    assert (last["title"], last["valid_from"], last["first_on"]) == ("hai", LATER, BEGUN)


def test_what_does_not_last_ends_on_its_day() -> None:
    for lasting, until in ((True, FOREVER), (False, BEGUN)):
        effects = recorded_once(
            "effects_tried",
            EffectRow,
            key=("task_id",),
            event=EffectRecorded,
            on="recorded_on",
            lasting=lasting,
        )
        [row] = folded(
            effects, (EffectRecorded.TYPE, {"task_id": "t", "title": "một", "effective_on": BEGUN})
        )
        assert (row["recorded_on"], row["until_on"]) == (BEGUN, until)


def test_a_column_that_no_event_fills_is_found_before_anything_is_folded() -> None:
    with pytest.raises(TypeError, match="titel"):
        recorded_once(
            "misspelt", MisspeltRow, key=("task_id",), event=EffectRecorded, on="recorded_on"
        )
