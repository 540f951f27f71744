"""Judgement: every command, by every role, in the name of each kind of unit, as the table says."""

from datetime import date
from typing import Any

import pytest

from domain.access.authority import Authority, NotRelated, RoleForbids
from domain.access.callers import EVERY_UNIT, Caller
from domain.access.judgement import Judgement
from domain.access.roles import Relation, Role
from domain.access.rules import VERBS, called, rule_of
from domain.kernel import Actor, Command, Context, Refusal
from domain.organisation.events import UnitMerged
from domain.organisation.organisation import UnitNotOpen, UnitUnknown
from tests.domain.cast import unit

PROVINCE, DISTRICT, COMMUNE, OTHER, ENDED = "tinh", "yen-son", "thai-son", "ham-yen", "xa-cu"
ON = date(2021, 6, 1)
RECORDED = dict(
    enumerate(
        (
            unit(PROVINCE, "province"),
            unit(DISTRICT, "district", PROVINCE),
            unit(COMMUNE, "commune", DISTRICT),
            unit(OTHER, "district", PROVINCE),
            unit(ENDED, "commune", OTHER),
            UnitMerged(effective_on=date(2021, 3, 1), unit_id=ENDED, into=COMMUNE),
        ),
        1,
    )
)
WITH_UNITS = (Role.AUTHORITY, Role.ADMINISTRATOR, Role.INSPECTOR)
# The units of a token, the body in whose name it speaks, and what is wrong with that.
SPEAKING: tuple[tuple[str, str | None, type[Refusal] | None], ...] = (
    (DISTRICT, None, None),
    (DISTRICT, DISTRICT, None),
    (DISTRICT, COMMUNE, None),
    (PROVINCE, COMMUNE, None),
    (ENDED, COMMUNE, None),
    (DISTRICT, OTHER, NotRelated),
    (DISTRICT, PROVINCE, NotRelated),
    (COMMUNE, DISTRICT, NotRelated),
    (ENDED, OTHER, NotRelated),
    (DISTRICT, "nowhere", UnitUnknown),
    (ENDED, ENDED, UnitNotOpen),
    ("nowhere", DISTRICT, NotRelated),
    (EVERY_UNIT, OTHER, None),
    (EVERY_UNIT, "nowhere", UnitUnknown),
)


def judged(action: type[Command[Any]], caller: Caller, body: str | None) -> type[Refusal] | None:
    """The refusal with which the caller is met before the command decides, if any."""
    authority = Authority(called(action), rule_of(action), caller)
    context = Context(Actor("client:test"), ON, ON, on_behalf_of=body)
    try:
        authority.require_role(in_name_of=body)
        Judgement(authority, context).require_name(RECORDED)
    except Refusal as refusal:
        return type(refusal)
    return None


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(("own", "body", "refusal"), SPEAKING)
def test_every_command_meets_every_caller_as_the_table_says(
    role: Role, own: str, body: str | None, refusal: type[Refusal] | None
) -> None:
    units = frozenset({own}) if role in WITH_UNITS else frozenset()
    caller = Caller(role, official_id=None, units=units)
    for action in VERBS:
        granted = rule_of(action).relations(role)
        if not granted or (body is not None and not units):
            expected: type[Refusal] | None = RoleForbids
        elif (granted == {Relation.WHOLE_LEDGER} and own != EVERY_UNIT) or (
            rule_of(action).above_communes and refusal is None and body == COMMUNE
        ):
            expected = NotRelated
        else:
            expected = refusal
        assert judged(action, caller, body) is expected, called(action)


def test_two_clients_are_one_by_token_person_or_unit_and_else_apart() -> None:
    office = Caller(Role.AUTHORITY, "an", frozenset({DISTRICT}), "1")
    assert office.is_one_with(Caller(Role.INSPECTOR, None, frozenset(), "1"))
    assert office.is_one_with(Caller(Role.OFFICIAL, "an", frozenset(), "2"))
    assert office.is_one_with(Caller(Role.AUTHORITY, "binh", frozenset({DISTRICT, OTHER}), "3"))
    assert not office.is_one_with(Caller(Role.AUTHORITY, "binh", frozenset({OTHER}), "4"))
    whole = Caller(Role.AUTHORITY, None, frozenset({EVERY_UNIT}), "5")
    assert not whole.is_one_with(Caller(Role.AUTHORITY, None, frozenset({EVERY_UNIT}), "6"))
