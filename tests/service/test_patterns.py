"""What a pattern asks for is said in words, not by the pattern."""

from collections.abc import Iterator

from fastapi import FastAPI

from domain.schemas import DAY_PATTERN, LINE_PATTERN, TEXT_PATTERN
from domain.values import ID_PATTERN
from projections.filters import SEEN_PATTERN
from service.delivery.selection import TYPES_PATTERN
from service.patterns import WORDS
from service.validation import Fault, body_faults, message

# These only describe what validators of our own check, and say in words.
DESCRIBING = (DAY_PATTERN, LINE_PATTERN, TEXT_PATTERN, SEEN_PATTERN, TYPES_PATTERN)
OF_DECIMALS = ("^[+-]?0*(?:", r"^(?:\+?(?:0*", r"^(?!\+?[0.]*$)")


def test_every_pattern_of_the_api_is_put_into_words(app: FastAPI) -> None:
    matched = {
        pattern
        for pattern in patterns(app.openapi())
        if pattern not in DESCRIBING and not pattern.startswith(OF_DECIMALS)
    }
    assert matched == set(WORDS)


def patterns(schema: object) -> Iterator[str]:
    if isinstance(schema, dict):
        if isinstance(schema.get("pattern"), str):
            yield schema["pattern"]
        for part in schema.values():
            yield from patterns(part)
    elif isinstance(schema, list):
        for part in schema:
            yield from patterns(part)


def test_an_id_that_is_none_is_told_in_the_readers_language() -> None:
    fault = Fault("pointer", "#/unit_id", "string_pattern_mismatch", "…", {"pattern": ID_PATTERN})
    assert "1 đến 64 ký tự" in message(fault, "vi")
    assert "1 to 64" in message(fault, "en")


def test_choices_are_joined_in_vietnamese() -> None:
    fault = Fault("pointer", "#/level", "enum", "…", {"expected": "'good' or 'excellent'"})
    assert message(fault, "vi") == "phải là một trong: 'good' hoặc 'excellent'"


def test_an_array_is_too_short_only_where_it_was_sent_so() -> None:
    too_short = {
        "type": "too_short",
        "loc": ("indicators",),
        "msg": "Tuple should have at least 1 item",
        "ctx": {"min_length": 1},
        "input": (),
    }
    assert not body_faults([too_short], {"indicators": [{"code": "1"}]})  # type: ignore[list-item]  # as pydantic has it
    [fault] = body_faults([too_short], {"indicators": []})  # type: ignore[list-item]  # as pydantic has it
    assert message(fault, "vi") == "phải có ít nhất 1 mục"
