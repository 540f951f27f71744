"""Sources: a statement over a snapshot's schema reads nothing that goes on beside it."""

import re
from collections.abc import Sequence
from typing import get_args

import pytest

from projections import LISTINGS, PROJECTIONS
from projections.listing import Listing, page
from projections.projection import SCHEMA
from projections.search.hits import SEARCHED, frequencies, hits
from projections.sources import in_schema
from projections.statement import Statement, known, reached
from projections.tasks.task_lists import one_task
from projections.territory.lineage import DIRECTIONS, lineage, lineage_standing

THERE = "snapshot_01"
# Where an instant stands among the positions never changes, nor does a word's digest: no live row.
LIVE = re.compile(r"\b(read|log)\.(?!(position_before|digest)\b)")


def reads_there_only(of: Statement) -> bool:
    there = in_schema(of, THERE)
    return f"{THERE}." in there.sql and LIVE.search(there.sql) is None


def named(listing: Listing) -> str:
    return listing.name


def chosen(listing: Listing) -> Sequence[str]:
    """What a reader may choose its order or its groups by."""
    fields = listing.filters.model_fields
    choices = [get_args(fields[name].annotation) for name in ("sort", "group_by") if name in fields]
    return choices[0] if choices else [""]


@pytest.mark.parametrize("listing", LISTINGS, ids=named)
def test_every_page_of_a_list_reads_the_snapshot_only(listing: Listing) -> None:
    for by in chosen(listing):
        for continued in (False, True):
            assert reads_there_only(page(listing, by=by, continued=continued))
    for name in listing.where:
        for today in (False, True):
            by = chosen(listing)[0]
            assert reads_there_only(page(listing, frozenset({name}), by=by, today=today))


@pytest.mark.parametrize("listing", LISTINGS, ids=named)
def test_what_is_counted_beside_a_list_is_counted_in_the_snapshot_only(listing: Listing) -> None:
    for beside in listing.beside:
        assert reads_there_only(beside.statement(frozenset()))


def test_what_is_no_list_reads_the_snapshot_only() -> None:
    kinds = frozenset(SEARCHED)
    for of in (
        one_task(today=False),
        one_task(today=True),
        *(known(projection) for projection in PROJECTIONS),
        *(reached(projection) for projection in PROJECTIONS),
        *(lineage(direction) for direction in DIRECTIONS),
        lineage_standing(),
        hits(kinds, sampled=True),
        hits(kinds, sampled=False),
        frequencies(kinds),
    ):
        assert reads_there_only(of)


def test_the_live_read_models_are_read_as_ever() -> None:
    of = known(PROJECTIONS[0])
    assert in_schema(of, SCHEMA) is of
