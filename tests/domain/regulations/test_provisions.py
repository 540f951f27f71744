"""Provisions: every rule is explained in a sentence, and a revision is compared rule by rule."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import BaseModel

from domain.regulations import samples
from domain.regulations.files.faults import nearest
from domain.regulations.policies import checked
from domain.regulations.vocabulary_1 import (
    capping,
    levelling,
    measuring,
    organising,
    shapes,
)
from domain.regulations.vocabulary_1.differences import differences
from domain.regulations.vocabulary_1.policy import Policy
from domain.regulations.vocabulary_1.provisions import provisions
from tests.domain.regulations.spoilt import policy

HERE = Path(__file__).parent
ABSTRACT = {shapes.Shape, levelling.Limited, organising.Absent}


def file(name: str) -> str:
    here = HERE / f"{name}.yaml"
    return here.read_text(encoding="utf-8") if here.exists() else samples.text(name)


def adopted(name: str) -> Policy:
    found = checked(file(name))
    assert found.policy is not None, found.faults
    return found.policy


@pytest.mark.parametrize("name", ["mau-01", "every_shape", "graded"])
def test_a_policy_is_explained_in_sentences_with_their_lines(name: str) -> None:
    found = checked(file(name))
    assert found.policy is not None
    explained = [
        f"[{nearest(found.marks, provision.path).line:2}] {provision.sentence}"
        for provision in provisions(found.policy)
    ]
    assert explained == (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()


def _within(value: object) -> Iterator[type]:
    if isinstance(value, BaseModel):
        yield type(value)
        for name in type(value).model_fields:
            yield from _within(getattr(value, name))
    elif isinstance(value, dict):
        yield from _within(tuple(value.values()))
    elif isinstance(value, tuple):
        for one in value:
            yield from _within(one)


def test_the_files_explained_have_every_shape_there_is() -> None:
    known = {
        value
        for module in (capping, levelling, measuring, organising, shapes)
        for value in vars(module).values()
        if isinstance(value, type) and issubclass(value, shapes.Shape)
    }
    used = {*_within(adopted("every_shape")), *_within(adopted("graded"))}
    assert known - used - ABSTRACT == set()


def test_rules_are_told_apart_by_their_keys() -> None:
    for name in ("mau-01", "every_shape", "graded"):
        keys = [provision.key for provision in provisions(adopted(name))]
        assert len(keys) == len(set(keys))


def test_a_revision_is_compared_rule_by_rule() -> None:
    revised = policy(
        ("level: GOOD, points: 70", "level: GOOD, points: 75"),
        ("  - {paper: rating, each: year, day: 14, month: 12}\n", ""),
        ("  late:     {count", "  paid:     {count: accepted, of: completed}\n  late:     {count"),
        ("effective_on: 2026-01-15", "effective_on: 2026-07-01"),
    )
    found = [
        (one.kind, one.key, one.old and one.old.sentence, one.new and one.new.sentence)
        for one in differences(policy(), revised)
    ]
    good = "Hoàn thành tốt nhiệm vụ (GOOD) (Điều 8.2): từ {} điểm; on_time ít nhất 100%.".format
    assert [(kind, key) for kind, key, _, _ in found] == [
        ("changed", ("document",)),
        ("added", ("measure", "paid")),
        ("changed", ("level", "GOOD")),
        ("dropped", ("duty", "rating", "year", "12")),
    ]
    assert found[2][2:] == (good(70), good(75))
    assert found[3][2:] == ("Hằng năm: xếp loại chậm nhất ngày 14 tháng 12.", None)
    assert list(differences(policy(), policy())) == []


def test_no_change_goes_unnoticed() -> None:
    one, other = adopted("every_shape"), adopted("graded")
    for name in Policy.model_fields.keys() - {"regulation", "vocabulary"}:
        revised = one.model_copy(update={name: getattr(other, name)})
        changed = getattr(one, name) != getattr(other, name)
        assert bool(list(differences(one, revised))) == changed, name


def test_vocabulary_1_has_the_shapes_that_it_was_released_with() -> None:
    """What is to mean something else becomes the next number: old ratings are derived by this."""
    released = json.loads((HERE / "vocabulary_1.json").read_text(encoding="utf-8"))
    assert Policy.model_json_schema() == released
