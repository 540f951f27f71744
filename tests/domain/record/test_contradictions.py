"""What was recorded under other rules is nobody's fault, and counts for what follows it."""

from datetime import date

from domain.organisation.tenures import Appoint
from tests.domain.cast import (
    DEPUTIES,
    DISTRICT_PARTY,
    DISTRICT_STATE,
    HANDOVER,
    ORGANISATION,
    SECRETARY,
    SUCCESSOR,
    holds,
    leaves,
)
from tests.domain.scenario import BY_ADMINISTRATOR, given

EARLIER, LATER = date(2021, 3, 1), date(2021, 9, 1)
# A second holder of the one seat, as no rule would let in today.
SECOND = holds(SUCCESSOR, SECRETARY, DISTRICT_PARTY, HANDOVER)
LEFT = leaves(SUCCESSOR, SECRETARY, DISTRICT_PARTY, LATER)
CROWDED = given(*ORGANISATION, SECOND, LEFT)


def test_what_did_not_hold_before_stands_in_nobodys_way() -> None:
    CROWDED.when(Appoint, DEPUTIES, on=EARLIER, official_id=SUCCESSOR).then(
        holds(SUCCESSOR, DEPUTIES, DISTRICT_STATE, EARLIER)
    )


def test_what_stands_on_it_stands_in_the_way_all_the_same() -> None:
    CROWDED.annulling(SECOND, **BY_ADMINISTRATOR).contradicts(LEFT)
    CROWDED.annulling(SECOND, LEFT, **BY_ADMINISTRATOR).then()
