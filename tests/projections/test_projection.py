"""Rows and what folds read of events have the shapes that their types declare."""

from collections import defaultdict
from collections.abc import Iterator
from types import NoneType
from typing import Any, Literal, TypedDict, get_args, get_origin, get_type_hints, is_typeddict

import pytest
from pydantic import BaseModel

from domain.catalogue import EVENT_TYPES
from domain.tasks.events import TaskAssigned, TaskRegistered
from projections import PROJECTIONS
from projections.projection import Projection

SHAPED = [projection for projection in PROJECTIONS if projection.row is not None]


def named(projection: Projection) -> str:
    return projection.name


@pytest.mark.parametrize("projection", SHAPED, ids=named)
def test_a_row_has_the_columns_of_its_table(projection: Projection) -> None:
    columns = {column.name: column for column in projection.table.columns}
    del columns["ledger"]
    shape = get_type_hints(projection.row)
    assert shape.keys() == columns.keys()
    nullable = {name for name, type_ in shape.items() if NoneType in get_args(type_)}
    assert nullable <= {name for name, column in columns.items() if column.nullable}


def reads(projection: Projection) -> Iterator[tuple[str, type]]:
    """The event types that a projection folds, and the shape in which the fold reads their data."""
    for name, fold in projection.folds.items():
        for shape in get_args(get_type_hints(fold)["event"]):
            yield name, shape


@pytest.mark.parametrize("projection", PROJECTIONS, ids=named)
def test_a_fold_reads_only_what_its_events_carry(projection: Projection) -> None:
    carried: dict[type, set[str]] = defaultdict(set)
    for name, shape in reads(projection):
        carries(shape, EVENT_TYPES[name])
        carried[shape] |= EVENT_TYPES[name].model_fields.keys()
    for shape, names in carried.items():
        assert get_type_hints(shape).keys() <= names


def carries(shape: Any, model: type[BaseModel]) -> None:
    """Assert that the model has what the shape must have, empty where the shape allows it."""
    read, fields = get_type_hints(shape), model.model_fields
    assert shape.__required_keys__ <= fields.keys()
    for name in read.keys() & fields.keys():
        given = fields[name].annotation
        assert NoneType not in get_args(given) or NoneType in get_args(read[name]), name
        models = [inner for inner in within(given) if issubclass(inner, BaseModel)]
        for inner in within(read[name]):
            if is_typeddict(inner):
                kind = get_type_hints(inner).get("kind")
                [of] = [one for one in models if len(models) == 1 or kind == kind_of(one)]
                carries(inner, of)


def within(annotation: Any) -> Iterator[type]:
    """The classes in an annotation."""
    if isinstance(annotation, type) and not get_args(annotation):
        yield annotation
    elif get_origin(annotation) is not Literal:
        for inner in get_args(annotation):
            yield from within(inner)


def kind_of(model: type[BaseModel]) -> Any:
    return model.model_fields["kind"].annotation


def test_a_shape_that_no_event_has_is_noticed() -> None:
    class Misspelt(TypedDict):
        tsak_id: str

    class NeverEmpty(TypedDict):
        due_on: str

    class Nested(TypedDict):
        proposal: Misspelt

    for shape, event in ((Misspelt, TaskAssigned), (NeverEmpty, TaskAssigned)):
        with pytest.raises(AssertionError):
            carries(shape, event)
    with pytest.raises(AssertionError):
        carries(Nested, TaskRegistered)
