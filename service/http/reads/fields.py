"""Fields: of whom a caller reads them, by how the caller stands to these today."""

from collections.abc import Iterable, Sequence

from domain.access.roles import Relation
from domain.access.rules import FIELDS
from domain.kernel import Event
from projections.territory.own import own_officials
from service.access.fields import OF_EVENTS, reads_of_all, without_field
from service.access.principals import Principal
from service.handle import today
from service.http.reads.reading import Reading

# The unit that recorded it reads what it wrote.
BY_UNITS = ("found_by", "proposed_by", "decided_by")


async def readable(reading: Reading, field: str, officials: Iterable[str]) -> frozenset[str]:
    """Those of the officials of whom the caller reads the field, by how the caller stands today."""
    by: Principal = reading.request.state.principal
    granted, asked = FIELDS[field].get(by.role, frozenset()), frozenset(officials)
    if reads_of_all(by, field):
        return asked
    if by.units and granted & {Relation.OWN_UNIT, Relation.MANAGING_BODY}:
        query, on = own_officials(), today(reading.service.clock)
        values = {"own": sorted(by.units), "officials": sorted(asked), "as_of": on, "today": on}
        rows = await reading.source.fetch(
            query.sql, *query.arguments({"ledger": reading.ledger, **values})
        )
        return frozenset(row["official_id"] for row in rows)
    own = {by.holder.official_id} if Relation.OWN_PERSON in granted else set()
    return asked & own


async def told(reading: Reading, events: Sequence[Event]) -> list[Event]:
    """The events, without what the caller does not read of them."""
    by: Principal = reading.request.state.principal
    open_to_caller = {
        kind: await readable(reading, field, _officials(events, kind))
        for kind, (field, _) in OF_EVENTS.items()
        if any(isinstance(event, kind) for event in events)
    }
    return [
        event
        if (official_ids := open_to_caller.get(type(event))) is None
        or getattr(event, "official_id", None) in official_ids
        or any(getattr(event, name, None) in by.units for name in BY_UNITS)
        else without_field(event)
        for event in events
    ]


def _officials(events: Iterable[Event], kind: type[Event]) -> set[str]:
    named = (getattr(event, "official_id", None) for event in events if isinstance(event, kind))
    return {official_id for official_id in named if official_id is not None}
