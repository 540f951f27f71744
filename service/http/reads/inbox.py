"""Inbox, read: by whom it is open to: one's own, or that of a unit or official of one's units."""

from domain.access.authority import NotRelated
from domain.access.rules import FIELDS
from projections.inbox.inbox import InboxFilters
from projections.territory.own import own_units
from service.access.fields import INBOX, reads_of_all
from service.access.principals import Principal
from service.handle import today
from service.http.reads.fields import readable
from service.http.reads.reading import Reading


async def open_to_the_caller(reading: Reading, params: InboxFilters) -> None:
    """Pass if the caller may read the inbox.

    Raises:
        NotRelated.
    """
    kind, _, name = params.whose.partition(":")
    is_open = await (_readable_unit(reading, name) if kind == "unit" else _of(reading, name))
    if not is_open:
        by: Principal = reading.request.state.principal
        granted = sorted(relation.value for relation in FIELDS[INBOX][by.role])
        raise NotRelated(action="read_inbox", relation=granted, thing=params.whose)


async def _of(reading: Reading, official_id: str) -> bool:
    return bool(await readable(reading, INBOX, [official_id]))


async def _readable_unit(reading: Reading, unit_id: str) -> bool:
    by: Principal = reading.request.state.principal
    if reads_of_all(by, INBOX) or not by.units:
        return bool(by.units)
    query, on = own_units(), today(reading.service.clock)
    values = {"own": sorted(by.units), "units": [unit_id], "as_of": on, "today": on}
    rows = await reading.source.fetch(
        query.sql, *query.arguments({"ledger": reading.ledger, **values})
    )
    return bool(rows)
