"""Rows and what folds read of events have the shapes that their types declare."""

from collections.abc import Iterator
from types import NoneType
from typing import Any, get_args, get_type_hints

import pytest

from domain.catalogue import EVENT_TYPES
from projections import PROJECTIONS
from projections.projection import Fold, Projection

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


def read_of_events(projection: Projection) -> Iterator[tuple[str, type]]:
    """The event types that a projection folds, and the shape in which the fold reads their data."""
    for name, fold in projection.folds.items():
        for shape in get_args(_event(fold)):
            yield name, shape


def _event(fold: Fold) -> Any:
    return get_type_hints(fold)["event"]


@pytest.mark.parametrize("projection", PROJECTIONS, ids=named)
def test_a_fold_reads_only_what_its_events_carry(projection: Projection) -> None:
    carried: dict[type, list[str]] = {}
    for name, shape in read_of_events(projection):
        fields = EVENT_TYPES[name].model_fields
        read = get_type_hints(shape)
        assert shape.__required_keys__ <= fields.keys(), name  # type: ignore[attr-defined]  # of a TypedDict
        carried.setdefault(shape, []).extend(fields)
        empty = {key for key in read.keys() & fields.keys() if _may_be_empty(fields[key])}
        assert empty <= {key for key in read if NoneType in get_args(read[key])}, name
    for shape, names in carried.items():
        assert get_type_hints(shape).keys() <= set(names)


def _may_be_empty(field: Any) -> bool:
    return NoneType in get_args(field.annotation)
