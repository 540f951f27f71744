"""Selectors: the parts of a boundary by which a decision sees units, posts and who holds them."""

from collections.abc import Iterable, Sequence

from eventsourcing.dcb.domain import Selector

from domain.kernel import Beginning, Event
from domain.organisation.events import (
    OfficialRegistered,
    PostAbolished,
    PostCreated,
    RetirementAnnounced,
    TenureEnded,
    TenureStarted,
    UnitEstablished,
)
from domain.organisation.organisation import UNIT_ENDS, UNIT_EVENTS, Organisation


def unit_selector(unit_id: str) -> Selector:
    """Whether the unit exists, and its children."""
    return Selector(types=UNIT_EVENTS, tags=[f"unit:{unit_id}"])


def lifetime(unit_id: str) -> list[Selector]:
    """Whether the unit exists on a day, and what it went into; of units below it nothing."""
    tags = [f"unit:{unit_id}"]
    return [Beginning(types=[UnitEstablished], tags=tags), Selector(types=UNIT_ENDS, tags=tags)]


def existence(
    organisation: Organisation, unit_ids: Iterable[str], recorded: Sequence[Event]
) -> list[Selector]:
    """Whether the units exist on a day, as far as what is recorded and folded tells.

    Where an event has founded a unit and it is not there, its founding was annulled, and another
    one may stand in its place: then all that names the unit is seen.
    """
    named = {tag for one in recorded if isinstance(one, UnitEstablished) for tag in one.tags()}
    selectors: list[Selector] = []
    for unit_id in dict.fromkeys(unit_ids):
        annulled = unit_id not in organisation.units and f"unit:{unit_id}" in named
        selectors += [unit_selector(unit_id)] if annulled else lifetime(unit_id)
    return selectors


def posts_of_unit_selector(unit_id: str) -> Selector:
    """The unit's posts and who holds them."""
    return Selector(
        types=[PostCreated, PostAbolished, TenureStarted, TenureEnded], tags=[f"unit:{unit_id}"]
    )


def post_selector(post_id: str) -> Selector:
    """The post and who holds it."""
    return Selector(
        types=[PostCreated, PostAbolished, TenureStarted, TenureEnded], tags=[f"post:{post_id}"]
    )


def official_selector(official_id: str) -> Selector:
    """Whether the official is known, and the posts held."""
    return Selector(
        types=[OfficialRegistered, TenureStarted, TenureEnded], tags=[f"official:{official_id}"]
    )


def retirement_selector(official_id: str) -> Selector:
    """Whether the official is known, and is to retire."""
    return Selector(
        types=[OfficialRegistered, RetirementAnnounced], tags=[f"official:{official_id}"]
    )
