"""Ratings, read: those who rate see all of them, an official the own ones."""

from typing import Any

from domain.access.authority import NotRelated
from domain.access.roles import Relation
from domain.access.rules import rule_of
from service.access.principals import Principal
from service.http.reads.reading import Reading


async def of_oneself(reading: Reading, params: Any) -> None:  # noqa: ANN401  those of the list
    """Pass if the caller sees all of the list, or asks for what is about oneself.

    Raises:
        NotRelated.
    """
    operation = reading.request.scope["route"].operation_id
    require_own(reading.request.state.principal, operation, params.official)


def require_own(by: Principal, operation: str, official_id: str | None) -> None:
    """Pass if the caller sees those of everybody, or is that official.

    Raises:
        NotRelated.
    """
    granted = rule_of(operation).relations(by.role)
    if Relation.LEDGER in granted or official_id == by.holder.official_id:
        return
    relations = sorted(relation.value for relation in granted)
    raise NotRelated(action=operation, relation=relations, thing=official_id or "ledger")
