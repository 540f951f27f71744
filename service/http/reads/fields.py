"""Fields: which of them a caller reads of whom, by the table of rules; to others they are null."""

from collections.abc import Iterable

from domain.access.roles import Relation
from domain.access.rules import FIELDS
from projections.territory.own import own_officials
from service.access.principals import Principal
from service.handle import today
from service.http.reads.reading import Reading

CONTACT = "official.contact"
RECORD = "official.record"


def reads_of_all(by: Principal, field: str) -> bool:
    """Whether the caller reads the field of whomever it is."""
    granted = FIELDS[field].get(by.role, frozenset())
    return Relation.WHOLE_LEDGER in granted and by.caller.has_every_unit


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
