"""Every event type and version ever written keeps a frozen example, and is read to this day."""

import json
from pathlib import Path

import pytest

from domain.appraisal.cohort import OF_TASKS
from domain.kernel import Event
from service.log.codec import canonical, decode_plain, fields_of
from service.log.events import BoundaryEvent
from service.off_loop import AT_ONCE
from tests.examples.freeze import EXAMPLES, domain_events, example_path

FROZEN = sorted(EXAMPLES.glob("*.json"))
EVENTS = domain_events()
VERSIONS = [
    (kind, version)
    for kind, event in sorted(EVENTS.items())
    for version in range(1, event.VERSION + 1)
]


def decoded(path: Path) -> tuple[Event, bytes]:
    kind, _, version = path.stem.rpartition(".v")
    data = canonical(json.loads(path.read_text(encoding="utf-8")))
    return decode_plain(BoundaryEvent(1, kind, int(version), [], data)), data


@pytest.mark.parametrize(("kind", "version"), VERSIONS)
def test_every_version_of_an_event_has_an_example(kind: str, version: int) -> None:
    assert example_path(kind, version).exists(), "run: python -m tests.examples.freeze"


@pytest.mark.parametrize(("kind", "version"), VERSIONS)
def test_every_old_version_leads_to_the_next(kind: str, version: int) -> None:
    event = EVENTS[kind]
    assert version == event.VERSION or version in event.UPCASTERS


@pytest.mark.parametrize("path", FROZEN, ids=lambda path: path.stem)
def test_every_example_is_still_read(path: Path) -> None:
    event, data = decoded(path)
    assert path == example_path(event.TYPE, int(path.stem.rpartition(".v")[2]))
    if path == example_path(event.TYPE, event.VERSION):
        assert canonical(event.model_dump(mode="json")) == data, "it would be written otherwise now"


@pytest.mark.parametrize("kind", sorted(EVENTS))
def test_personal_data_may_be_erased(kind: str) -> None:
    event = EVENTS[kind]
    for name in event.PERSONAL:
        assert "official_id" in event.model_fields
        schema = event.model_json_schema()["properties"][name]
        assert {"type": "null"} in schema.get("anyOf", []), f"{name} must allow None"


@pytest.mark.parametrize(
    "path",
    [path for path in FROZEN if path.stem.rpartition(".v")[0] in OF_TASKS],
    ids=lambda path: path.stem,
)
def test_the_fields_of_what_happened_to_a_task_are_read_as_its_event_has_them(path: Path) -> None:
    event, data = decoded(path)
    kind, _, version = path.stem.rpartition(".v")
    assert fields_of([kind], [int(version)], [data]) == [event.model_dump(mode="json")]


def test_of_very_many_each_has_the_fields_of_its_own_event() -> None:
    of_tasks = [path for path in FROZEN if path.stem.rpartition(".v")[0] in OF_TASKS]
    found = [(path.stem.rpartition(".v"), *decoded(path)) for path in of_tasks]
    many = [*found] * (2 * AT_ONCE // len(found) + 1)
    kinds = [kind for (kind, _, _), _, _ in many]
    versions = [int(version) for (_, _, version), _, _ in many]
    assert fields_of(kinds, versions, [data for _, _, data in many]) == [
        event.model_dump(mode="json") for _, event, _ in many
    ]
