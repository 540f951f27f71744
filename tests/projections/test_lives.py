"""A life is folded in the order of its timeline, whatever the order in which it was recorded."""

from hypothesis import HealthCheck, given, settings

from projections import PROJECTIONS
from tests.projections.out_of_order import (
    RECORDS,
    RECORDS_OF_PAPERS,
    Record,
    read,
    rows,
    without_positions,
)

EXAMPLES = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@EXAMPLES
@given(record=RECORDS)
def test_the_order_of_recording_does_not_matter(record: Record) -> None:
    are_as_if_in_order(record)


@EXAMPLES
@given(record=RECORDS_OF_PAPERS)
def test_the_order_in_which_papers_are_recorded_does_not_matter(record: Record) -> None:
    are_as_if_in_order(record)


def are_as_if_in_order(record: Record) -> None:
    in_order = read(dict(enumerate(record.in_order(), 1)))
    for of in sorted(record.lives.keys() | in_order.keys()):
        for projection in PROJECTIONS:
            found, expected = (
                without_positions(rows(projection, lives.get(of, [])))
                for lives in (record.lives, in_order)
            )
            assert found == expected, projection.name
