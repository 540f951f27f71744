"""A read model of a kind of things folds what is of such a thing: its first tag names it."""

import pytest

import domain.catalogue  # noqa: F401  every type of event is known
from domain.kernel import EVENT_TYPES
from projections import PROJECTIONS
from projections.projection import Projection


@pytest.mark.parametrize("projection", PROJECTIONS, ids=lambda one: one.name)
def test_what_is_folded_is_of_the_kind_of_thing(projection: Projection) -> None:
    """A rebuild reads each event with the thing that its first tag names, and no other."""
    first = {kind: EVENT_TYPES[kind].TAGGED[0][1] for kind in projection.folds}
    assert {kind: f"{prefix}:" for kind, prefix in first.items()} == dict.fromkeys(
        projection.folds, projection.tag_prefix
    )
