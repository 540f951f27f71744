"""The access record, read: inspectors see all of it, officials who looked at what is theirs."""

from typing import Any

from domain.access.authority import NotRelated
from domain.access.roles import Relation
from domain.access.rules import rule_of
from projections.record.access import ACCESS_RECORD
from service.access.principals import Principal
from service.http.reads.reading import Reading


async def of_oneself(reading: Reading, params: Any) -> None:  # noqa: ANN401  those of the list
    """Pass if the caller sees the whole record, or asks for what is about oneself.

    Raises:
        NotRelated.
    """
    by: Principal = reading.request.state.principal
    granted = rule_of(ACCESS_RECORD.operation).relations(by.role)
    subject = params.subject
    if Relation.LEDGER in granted or subject == f"official:{by.holder.official_id}":
        return
    relations = sorted(relation.value for relation in granted)
    raise NotRelated(action=ACCESS_RECORD.operation, relation=relations, thing=subject or "ledger")
