"""Who leads a task after an event: read off the event and off its JSON, always the same."""

import json

import pytest

from domain.tasks.events import TaskEvent
from domain.tasks.leadership import NOBODY, Lead, Nobody, lead_after, lead_in
from tests.examples.freeze import domain_events, example_path

TASK_EVENTS = {
    kind: event for kind, event in domain_events().items() if issubclass(event, TaskEvent)
}
LEADING = {
    "task.assigned": ("official_id", "post_id", "unit_id"),
    "task.vacancy_filled": ("official_id", "post_id", "unit_id"),
    "task.handed_over": ("to_official", "post_id", "unit_id"),
    "task.transferred": ("to_official", "to_post", "to_unit"),
}
IDS = ("_official", "_post", "_unit", "official_id", "post_id", "unit_id")
LEFT = {
    "task.vacated",
    "task.completion_confirmed",
    "task.cancelled",
    "task.carried_over",
}


@pytest.mark.parametrize("kind", sorted(TASK_EVENTS))
def test_the_event_and_its_json_name_the_same_lead(kind: str) -> None:
    event = TASK_EVENTS[kind]
    data = json.loads(example_path(kind, event.VERSION).read_text(encoding="utf-8"))
    # Every id of an example is the same: here each field holds a value of its own.
    data |= {name: name.replace("_", "-") for name in data if name.endswith(IDS)}
    expected: Lead | Nobody | None = NOBODY if kind in LEFT else None
    if kind in LEADING:
        expected = Lead(*(name.replace("_", "-") for name in LEADING[kind]))
    assert lead_in(kind, data) == expected
    assert lead_after(event.model_validate_json(json.dumps(data))) == expected
