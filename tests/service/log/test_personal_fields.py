"""Every text of every event is personal data and sealed, or is not, for a reason that stands here.

A field that is new or renamed fails until it is said which it is.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from pydantic import BaseModel

from domain.catalogue import EVENT_TYPES
from domain.kernel import Event, personal
from domain.values import Line, Text

# By name, wherever it stands: why it is no personal data of a person who could be erased.
OF_THE_ADMINISTRATION = "names a unit, a post or a kind, which are public"
OF_THE_TASK = "says what is done, in an official paper; names of persons do not belong there"
OF_A_DECISION = "the reason or content of an official act, which the law keeps"
OF_THE_LOG = "names events and ids of this log"
AN_ID = "an id of an actor, who is named by no more than this"
PLAIN: dict[str, str] = {
    **dict.fromkeys(
        ("name", "former_name", "names", "former_names", "part", "in_charge"),
        OF_THE_ADMINISTRATION,
    ),
    **dict.fromkeys(("registered_by", "claimed_by", "requested_by", "advisor"), AN_ID),
    **dict.fromkeys(("tagged", "corrected_type"), OF_THE_LOG),
    **dict.fromkeys(
        (
            *("title", "goal", "measure", "summary", "narrative", "description", "outcome"),
            *("state_summary", "handover_note", "per", "purpose", "text"),
        ),
        OF_THE_TASK,
    ),
    **dict.fromkeys(
        (
            *("reason", "opinion", "finding", "content", "answer", "resolution", "remarks"),
            *("exception", "criterion", "reply", "cause", "article", "says"),
        ),
        OF_A_DECISION,
    ),
}


def texts(
    model: type[BaseModel], seen: frozenset[type] = frozenset()
) -> Iterator[tuple[str, bool]]:
    """The free texts in the model and in the values it holds, and whether each is personal."""
    marked = personal(model)
    for name, field in model.model_fields.items():
        annotation: Any = field.annotation
        parts = list(_parts(annotation, field.metadata))
        if any(_is_free(metadata) for metadata in parts if isinstance(metadata, list)):
            yield name, name in marked
        for inner in parts:
            if isinstance(inner, type) and issubclass(inner, BaseModel) and inner not in seen:
                yield from texts(inner, seen | {model})


def _parts(annotation: Any, metadata: list[Any]) -> Iterator[Any]:
    yield metadata
    if hasattr(annotation, "__metadata__"):
        yield list(annotation.__metadata__)
        yield from _parts(annotation.__origin__, [])
        return
    if isinstance(annotation, type):
        yield annotation
    for argument in getattr(annotation, "__args__", ()):
        yield from _parts(argument, [])


LONGEST = {
    mark
    for kind in (Line, Text)
    for mark in _parts(kind, [])
    if isinstance(mark, list)
    for mark in map(repr, mark)
    if "_clean" in mark
}


def _is_free(metadata: list[Any]) -> bool:
    return any(repr(mark) in LONGEST for mark in metadata)


def test_the_marks_of_free_texts_are_known() -> None:
    found = dict(texts(EVENT_TYPES["official.registered"]))
    assert found == {"full_name": True, "contact": True}
    assert dict(texts(EVENT_TYPES["task.plan_submitted"]))["performed_by"]
    assert dict(texts(EVENT_TYPES["task.part_delegated"]))["delegate_person"]


@pytest.mark.parametrize("kind", sorted(EVENT_TYPES))
def test_every_text_is_sealed_or_is_not_for_a_reason(kind: str) -> None:
    event: type[Event] = EVENT_TYPES[kind]
    open_texts = {name for name, is_personal in texts(event) if not is_personal}
    assert open_texts <= PLAIN.keys(), "personal data is marked Personal; else say why it is not"


def test_no_reason_is_given_for_what_there_is_not() -> None:
    every = {name for event in EVENT_TYPES.values() for name, _ in texts(event)}
    assert PLAIN.keys() <= every
