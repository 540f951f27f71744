"""Checking: a file is held against a vocabulary, and its faults are told at once, up to 100.

Each part is read by itself: a fault in one does not hide those of another. What the parts mean
together is asked only of those that could be read.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, partial
from typing import Annotated, Any, Generic, NamedTuple, TypeAlias, TypeVar

from pydantic import BaseModel, TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from domain.regulations.files.faults import (
    Fault,
    Mark,
    Marks,
    Path,
    Unreadable,
    Weight,
    nearest,
)
from domain.regulations.files.tree import Tree, read
from domain.regulations.files.wording import unknown_key, words

P = TypeVar("P", bound=BaseModel)
# Nobody mends more at once.
MOST_FAULTS = 100


class Told(NamedTuple):
    """What a rule finds: where, and what is wrong."""

    path: Path
    vietnamese: str
    english: str
    weight: Weight = "fault"


Parts: TypeAlias = Mapping[str, Any]


class Rule(NamedTuple):
    """What parts must mean together; asked only if all of them could be read."""

    parts: tuple[str, ...]
    finds: Callable[[Parts], Iterator[Told]]


@dataclass(frozen=True, slots=True)
class Checked(Generic[P]):
    """A file as it was checked: the policy, unless a fault keeps it from being one."""

    policy: P | None
    faults: tuple[Fault, ...]
    marks: Marks


class _Found(NamedTuple):
    """A fault whose words are made only if it is among those that are told."""

    mark: Mark
    told: Callable[[], Fault]


def check(source: str, shape: type[P], rules: Sequence[Rule], branches: str) -> Checked[P]:
    """The file held against a vocabulary.

    Args:
        source: the file's text.
        shape: of a whole policy.
        rules: what its parts must mean together.
        branches: how the tags of unions begin, which no file names.
    """
    try:
        tree = read(source)
    except Unreadable as unreadable:
        return Checked(None, unreadable.faults, {})
    parts: dict[str, Any] = {}
    found = [_Found(fault.mark, partial(_itself, fault)) for fault in tree.faults]
    found += _unknown(tree, shape)
    for name in shape.model_fields:
        try:
            parts[name] = _part(tree, shape, name)
        except ValidationError as invalid:
            errors = invalid.errors(include_url=False, include_input=False)
            found += (_misshapen(tree, shape, name, error, branches) for error in errors)
        except KeyError:
            told = Told((name,), "còn thiếu mục này", "Field required")
            found.append(_found(tree.marks, told))
    for rule in rules:
        if parts.keys() >= {*rule.parts}:
            found += (_found(tree.marks, told) for told in rule.finds(parts))
    found.sort(key=lambda one: one.mark)
    faults = tuple(one.told() for one in found[:MOST_FAULTS])
    if len(found) > MOST_FAULTS or any(fault.weight == "fault" for fault in faults):
        return Checked(None, faults, tree.marks)
    return Checked(shape.model_construct(**parts), faults, tree.marks)


def _itself(fault: Fault) -> Fault:
    return fault


def _unknown(tree: Tree, shape: type[BaseModel]) -> Iterator[_Found]:
    known = list(shape.model_fields)
    for key in tree.data.keys() - shape.model_fields.keys():
        yield _Found(nearest(tree.marks, (key,)), partial(_unknown_fault, tree.marks, key, known))


def _unknown_fault(marks: Marks, key: str, known: list[str]) -> Fault:
    return _at(marks, Told((key,), *unknown_key(key, known)))


def _part(tree: Tree, shape: type[BaseModel], name: str) -> object:
    """The part, read; its default if the file has none.

    Raises:
        KeyError: the file must have one.
        ValidationError: it is not what such a part may be.
    """
    field = shape.model_fields[name]
    if name not in tree.data and not field.is_required():
        return field.get_default(call_default_factory=True)
    return _reader(shape, name).validate_python(tree.data[name])


@cache
def _reader(shape: type[BaseModel], name: str) -> TypeAdapter[Any]:
    field = shape.model_fields[name]
    kind: Any = field.annotation
    for mark in field.metadata:
        kind = Annotated[kind, mark]
    return TypeAdapter(kind)


def _misshapen(
    tree: Tree, shape: type[BaseModel], name: str, error: ErrorDetails, branches: str
) -> _Found:
    steps = [step for step in error["loc"] if not str(step).startswith(branches)]
    path = (name, *steps)
    if steps and steps[-1] == "[key]":  # of a mapping, whose keys are names too
        path = path[:-1]
    annotation = shape.model_fields[name].annotation
    return _Found(
        nearest(tree.marks, path),
        lambda: _at(tree.marks, Told(path, *words(error, annotation))),
    )


def _found(marks: Marks, told: Told) -> _Found:
    return _Found(nearest(marks, told.path), lambda: _at(marks, told))


def _at(marks: Marks, told: Told) -> Fault:
    return Fault(
        mark=nearest(marks, told.path),
        path=told.path,
        vietnamese=told.vietnamese,
        english=told.english,
        weight=told.weight,
    )
