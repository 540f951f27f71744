"""Random lives of an organisation, typed in any order, with annulments and replacements.

What a decision sees of the record is enough: with all of it in sight it decides the same, though it
then names what falls with the fallen too. And whatever is accepted, all that stands can follow.
"""

from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any, TypeAlias

import pytest

from domain.kernel import Event, Refusal
from domain.organisation.kinds import ChangeUnitKind, DeclareUnitKind, EndUnitKind
from domain.organisation.officials import AnnounceRetirement, RegisterOfficial
from domain.organisation.posts import AbolishPost, CreatePost
from domain.organisation.preconditions import OrganisationState
from domain.organisation.tenures import Appoint
from domain.organisation.territory import (
    CedeTerritory,
    MoveUnit,
    RecodeUnit,
    RenameUnit,
    RetypeUnit,
)
from domain.organisation.units import EstablishUnit
from domain.record.contradictions import ContradictsLater
from domain.succession.closing import CloseUnit
from domain.succession.division import SplitUnit
from domain.succession.leaver import EndTenure
from domain.succession.merger import MergeUnits
from domain.timeline import EventsAnnulled, annulments, timeline
from tests.domain.record.naive import breaches_of_history
from tests.domain.scenario import BY_ADMINISTRATOR, Scenario

UNITS, POSTS, OFFICIALS = ("a", "b", "c", "d", "e"), ("p", "q", "r"), ("x", "y", "z")
FIRST = date(2021, 1, 1)
STEPS = 250
Attempt: TypeAlias = tuple[type[Any], tuple[str, ...], dict[str, Any]]
Outcome: TypeAlias = tuple[str, list[Event] | frozenset[Event] | str]


def _attempts(chance: Random) -> list[Callable[[], Attempt]]:
    """Every verb of the organisation, about anything."""

    def unit() -> str:
        return chance.choice(UNITS)

    def maybe(chosen: str) -> str | None:
        return chance.choice((chosen, None))

    def posted() -> str:
        return chance.choice(POSTS)

    def who() -> str:
        return chance.choice(OFFICIALS)

    def facts() -> dict[str, Any]:
        return {"name": "Đơn vị", "kind": "division", "parent_id": maybe(unit())}

    def post_facts() -> dict[str, Any]:
        heads = chance.random() < 0.5
        seats = {} if heads else {"seats": chance.choice((1, 2))}
        named = {"unit_id": unit(), "managed_by": unit(), "title": "Chức danh", "kind": "leader"}
        return {**named, **seats, "heads_unit": heads}

    def division() -> dict[str, Any]:
        new = {"unit_id": unit(), "successor": facts()}
        return {"parts": [chance.choice((new, {"unit_id": unit()})), {"unit_id": unit()}]}

    def merger() -> dict[str, Any]:
        new = chance.choice((facts(), None))
        return {"predecessors": [unit(), unit()], "successor": new}

    retires_on = FIRST + timedelta(days=30)
    return [
        lambda: (EstablishUnit, (unit(),), facts()),
        lambda: (EstablishUnit, (unit(),), facts()),
        lambda: (CreatePost, (posted(),), post_facts()),
        lambda: (CreatePost, (posted(),), post_facts()),
        lambda: (RegisterOfficial, (who(),), {"full_name": "Cán bộ"}),
        lambda: (Appoint, (posted(),), {"official_id": who()}),
        lambda: (Appoint, (posted(),), {"official_id": who()}),
        lambda: (EndTenure, (posted(),), {"official_id": who(), "cause": "transfer"}),
        lambda: (AbolishPost, (posted(),), {"reason": "Bỏ"}),
        lambda: (AnnounceRetirement, (who(),), {"retires_on": retires_on}),
        lambda: (RenameUnit, (unit(),), {"name": chance.choice(("Một", "Hai"))}),
        lambda: (RetypeUnit, (unit(),), {"kind": chance.choice(("division", "front"))}),
        lambda: (RecodeUnit, (unit(),), {"code": chance.choice(("1", "2", None))}),
        lambda: (MoveUnit, (unit(),), {"parent_id": maybe(unit())}),
        lambda: (MoveUnit, (unit(),), {"parent_id": maybe(unit())}),
        lambda: (CedeTerritory, (unit(),), {"to_unit": unit(), "part": "Xóm"}),
        lambda: (CloseUnit, (unit(),), {"reason": "Bãi bỏ"}),
        lambda: (MergeUnits, (unit(),), merger()),
        lambda: (SplitUnit, (unit(),), division()),
    ]


def _attempts_with_kinds(chance: Random) -> list[Callable[[], Attempt]]:
    """The same amid kinds that are declared, changed and ended."""

    def called() -> dict[str, Any]:
        return {"names": chance.choice((("ban",), ("ban chỉ đạo", "BCĐ")))}

    def board() -> tuple[str, ...]:
        return (chance.choice(UNITS),)

    return [
        *_attempts(chance),
        *[lambda: (EstablishUnit, board(), {"name": "Ban", "kind": "board"})] * 3,
        *[lambda: (RetypeUnit, board(), {"kind": "board"})] * 2,
        *[lambda: (DeclareUnitKind, ("board",), called())] * 3,
        *[lambda: (ChangeUnitKind, ("board",), called())] * 3,
        lambda: (EndUnitKind, (chance.choice(("board", "front")),), {"reason": "Bỏ"}),
    ]


def _attempts_on_what_is_monitored(chance: Random) -> list[Callable[[], Attempt]]:
    """Verbs on what a kind means, which is of all its units at once."""
    return [
        lambda: (DeclareUnitKind, ("board",), {"names": ("ban",), "monitored": True}),
        lambda: (ChangeUnitKind, ("board",), {"monitored": chance.choice((True, False))}),
        lambda: (ChangeUnitKind, ("board",), {"monitored": chance.choice((True, False))}),
    ]


def _outcome(decide: Callable[[], list[Event]]) -> Outcome:
    try:
        return "accepted", decide()
    except ContradictsLater as refusal:
        return "contradicts", frozenset(one.event for one in refusal.contradictions)
    except Refusal as refusal:
        return "refused", type(refusal).__name__


def _standing(scenario: Scenario) -> list[Event]:
    """The events that are annulled neither by name nor themselves an annulment."""
    noted = annulments(dict(enumerate(scenario.history, 1)))
    return [
        event
        for at, event in enumerate(scenario.history, 1)
        if at not in noted and not isinstance(event, EventsAnnulled)
    ]


def _next(scenario: Scenario, chance: Random, attempts: list[Callable[[], Attempt]]) -> Scenario:
    """Another command: a verb about anything on any day, maybe in place of what stands."""
    standing = _standing(scenario)
    named = chance.sample(standing, min(len(standing), chance.choice((1, 1, 2, 3))))
    what = chance.random()
    if named and what < 0.04:
        return scenario.annulling(*named, **BY_ADMINISTRATOR)
    verb, ids, params = chance.choice(attempts)()
    context: dict[str, Any] = {**BY_ADMINISTRATOR, "on": FIRST + timedelta(chance.randrange(8))}
    if named and what < 0.12:
        return scenario.replacing(named, verb, *ids, **context, **params)
    return scenario.when(verb, *ids, **context, **params)


@pytest.mark.parametrize("seed", range(8))
def test_what_a_decision_sees_is_enough_and_what_stands_can_follow(seed: int) -> None:
    chance, scenario = Random(seed), Scenario(())  # noqa: S311  a life, no secret
    attempts = [*_attempts_with_kinds(chance), *_attempts_on_what_is_monitored(chance)]
    for _ in range(STEPS):
        command = _next(scenario, chance, attempts)
        outcome, happens = _outcome(command.decide)
        in_sight = _outcome(command.decide_with_all_in_sight)
        if isinstance(happens, frozenset) and isinstance(in_sight[1], frozenset):
            assert happens
            assert happens <= in_sight[1]
        else:
            assert (outcome, happens) == in_sight
        if isinstance(happens, list):
            scenario = command.then(*happens)
    assert scenario.history
    _require_all_follow(scenario)
    assert breaches_of_history(scenario.history) == []


def _require_all_follow(scenario: Scenario) -> None:
    entries = timeline(dict(enumerate(scenario.history, 1)))
    state = OrganisationState([entry.event for entry in entries])
    for entry in entries:
        state.require(entry.event)
        state.evolve(entry.event)
