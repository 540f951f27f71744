"""The order of typing does not matter: typed in any order, a life comes to the same in the end."""

import json
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from random import Random
from typing import Any

import pytest

from domain.appraisal.objections import ObjectToRating
from domain.appraisal.rating import DecideRating
from domain.kernel import Event
from domain.monitoring.papers.annual_report import SubmitAnnualReport
from domain.monitoring.papers.programme import SubmitProgramme
from domain.monitoring.papers.review import ReviewMonitor
from domain.succession.closing import CloseUnit
from domain.succession.division import SplitUnit
from domain.succession.leaver import EndTenure
from domain.succession.merger import MergeUnits
from domain.succession.portfolio import HandOverPortfolio
from domain.tasks.beginning.assignment import AssignTask
from domain.tasks.ending.carry_over import CarryOver
from domain.tasks.responsibility.vacancy import VacateTask
from domain.timeline import timeline
from projections import PROJECTIONS
from tests.domain.record.lives_in_order import (
    AT_ONCE,
    EVERY,
    Lived,
    communes,
    every_verb,
    kinds_of_units,
    organisations,
    tasks,
)
from tests.domain.record.naive import KEPT_BEYOND_TENURE, breaches_of_history
from tests.domain.record.naive.facts import Fact, standing
from tests.domain.record.typing_order import BY_POSITION, NUMBERS, Typist, unnumbered
from tests.projections.out_of_order import read, rows, without_positions

Kind = Callable[[Random], Lived]
LIVES: dict[Kind, int] = {
    tasks: 24,
    communes: 6,
    organisations: 8,
    kinds_of_units: 4,
    every_verb: 1,
}
# How far a command may be typed before its turn.
REACH: dict[Kind, int] = {every_verb: 12}
ANYWHERE = 1000
# An ordinal among the events of a log stays what it is in that log.
MATTERS = [name for name in NUMBERS if name != "sequence"]
# What acts on all that is there, or names whoever is: typed before that was, it is typed anew.
GATHERING = {
    AssignTask,
    CarryOver,
    CloseUnit,
    DecideRating,
    EndTenure,
    HandOverPortfolio,
    MergeUnits,
    ObjectToRating,
    ReviewMonitor,
    SplitUnit,
    SubmitAnnualReport,
    SubmitProgramme,
    VacateTask,
}
TYPED = [(kind, seed) for kind, seeds in LIVES.items() for seed in range(seeds)]


@cache
def typed(kind: Kind, seed: int) -> tuple[Lived, Typist]:
    """A life recorded in order, and the same typed in another order until all of it stands."""
    lived = kind(Random(seed))  # noqa: S311  it only has to be varied
    chance = Random(seed)  # noqa: S311  it only has to be varied
    typist = Typist(lived.there, lived.calls, chance, REACH.get(kind, ANYWHERE))
    typist.type_all()
    typist.retype_each()
    return lived, typist


@pytest.mark.parametrize(("kind", "seed"), TYPED)
def test_typed_in_any_order_a_life_comes_to_the_same(kind: Kind, seed: int) -> None:
    lived, typist = typed(kind, seed)
    in_order = [*lived.there, *(event for call in lived.calls for event in call.events)]
    log, refolded = numbered_as_in_order(typist, MATTERS), by_day(numbered_as_in_order(typist))
    expected = by_day(in_order)
    assert unnumbered(refolded) == unnumbered(expected)
    assert differing(log, in_order) == []
    assert differing(log, refolded) == []


@pytest.mark.parametrize(("kind", "seed"), TYPED)
def test_what_was_typed_in_any_order_can_be(kind: Kind, seed: int) -> None:
    _, typist = typed(kind, seed)
    found = breaches_of_history(typist.history)
    assert [breach for breach in found if breach.rule != KEPT_BEYOND_TENURE] == []
    entries = timeline(dict(enumerate(typist.history, 1)))
    order = [entry.at.position for entry in entries]
    assert order == [fact.position for fact in standing(facts(typist.history))]


def test_every_verb_is_recorded_amid_what_counts_from_later_days() -> None:
    amid = {verb for kind, seed in TYPED for verb in typed(kind, seed)[1].amid}
    assert {verb.command for verb in EVERY.values()} - amid == AT_ONCE
    done = {name for kind, seed in TYPED for name in typed(kind, seed)[1].done}
    assert done == {"annulled", "replaced", "slipped", "typed anew"}


def test_only_what_gathers_what_is_there_has_to_be_typed_anew() -> None:
    gathered = {verb for kind, seed in TYPED for verb in typed(kind, seed)[1].gathered}
    assert gathered <= GATHERING


def by_day(log: Sequence[Event]) -> list[Event]:
    """What stands of the log, by a naive reading, in the order of the days."""
    found = [log[fact.position - 1] for fact in standing(facts(log))]
    return sorted(found, key=lambda event: event.effective_on)


def facts(history: Sequence[Event]) -> list[Fact]:
    return [Fact(at, one.TYPE, one.model_dump(mode="json")) for at, one in enumerate(history, 1)]


def numbered_as_in_order(typist: Typist, numbers: Sequence[str] = NUMBERS) -> list[Event]:
    """The log with the numbers that things have in the life recorded in order."""
    log = [*typist.history]
    for number, call in enumerate(typist.calls):
        for position, event in zip(typist.standing[number], call.events, strict=True):
            same = {name: getattr(event, name) for name in numbers if hasattr(event, name)}
            log[position - 1] = log[position - 1].model_copy(update=same)
    return log


def differing(log: Sequence[Event], other: Sequence[Event]) -> list[tuple[str, str]]:
    """The projections whose rows differ, and of which thing."""
    one, two = (read(dict(enumerate(events, 1))) for events in (log, other))
    return [
        (projection.name, of)
        for of in sorted(one.keys() | two.keys())
        for projection in PROJECTIONS
        if shown(rows(projection, one.get(of, []))) != shown(rows(projection, two.get(of, [])))
    ]


def shown(found: Sequence[Any]) -> list[str]:
    """The rows without what names a place in the log, in an order of their own."""
    return sorted(_texts(without_positions(found)))


def _texts(found: Sequence[Any]) -> Iterator[str]:
    for row in found:
        said = {name: row[name] for name in row if name not in {"sequence", *BY_POSITION}}
        yield json.dumps(said, sort_keys=True)
