"""Own: what a command finds of the caller's units and what the read model finds are the same."""

import random
from collections.abc import Iterator
from datetime import date, timedelta

import pytest

from domain.access.belonging import Belonging
from domain.kernel import Event, matches
from domain.organisation.events import (
    UnitEstablished,
    UnitMerged,
    UnitMoved,
    UnitSplit,
)
from projections.territory.own import own_units
from tests.projections.conftest import Recorder

FOUNDED = date(2020, 1, 1)
SEEDS = range(12)


def organisation(seed: int) -> Iterator[Event]:
    """Units that are founded below one another, move, merge and split, day by day."""
    chance = random.Random(seed)  # noqa: S311  a game, not a secret
    parents: dict[str, str | None] = {}
    for number in range(12):
        parent = chance.choice([None, *parents])
        unit_id = f"unit-{number}"
        parents[unit_id] = parent
        yield UnitEstablished(
            effective_on=FOUNDED, unit_id=unit_id, name=unit_id, kind="department", parent_id=parent
        )
    on = FOUNDED
    for _ in range(10):
        on += timedelta(days=chance.randint(1, 20))
        unit_id = chance.choice(list(parents))
        others = [one for one in parents if one != unit_id and unit_id not in above(parents, one)]
        if not others:
            continue
        match chance.choice(["move", "merge", "split"]):
            case "move":
                former, parents[unit_id] = parents[unit_id], chance.choice(others)
                yield UnitMoved(
                    effective_on=on,
                    unit_id=unit_id,
                    parent_id=parents[unit_id],
                    former_parent_id=former,
                )
            case "merge" if unit_id not in parents.values():
                del parents[unit_id]
                yield UnitMerged(effective_on=on, unit_id=unit_id, into=chance.choice(others))
            case "split" if unit_id not in parents.values() and len(others) > 1:
                del parents[unit_id]
                into = tuple(chance.sample(others, 2))
                yield UnitSplit(effective_on=on, unit_id=unit_id, into=into)
            case _:
                pass


def above(parents: dict[str, str | None], unit_id: str) -> list[str]:
    line = [unit_id]
    while (parent := parents.get(line[-1])) is not None:
        line.append(parent)
    return line


def seen_by(
    log: dict[int, Event], own: frozenset[str], unit_id: str, on: date, today: date
) -> Belonging:
    """What a command would see of the log, widened until nothing is new."""
    seen: dict[int, Event] = {}
    while True:
        belonging = Belonging(own, seen, on, today)
        selectors = belonging.seeing([unit_id])
        more = {at: event for at, event in log.items() if matches(selectors, event)}
        if seen.keys() >= more.keys():
            return belonging
        seen = dict(sorted({**seen, **more}.items()))


@pytest.mark.parametrize("seed", SEEDS)
async def test_a_command_and_the_read_model_agree_whose_a_unit_is(
    recorder: Recorder, seed: int
) -> None:
    events = list(organisation(seed))
    log = dict(enumerate(events, 1))
    ledger = await recorder.new_ledger()
    await recorder.record(ledger, events)
    await recorder.fold(ledger, 100)
    chance = random.Random(seed)  # noqa: S311  a game, not a secret
    last = max(event.effective_on for event in events)
    units = [f"unit-{number}" for number in range(12)]
    for on, today in ((FOUNDED, last), (last, last), (FOUNDED + timedelta(days=30), last)):
        for _ in range(6):
            own = frozenset(chance.sample(units, chance.randint(1, 2)))
            query = own_units()
            values = {
                "ledger": ledger,
                "as_of": on,
                "today": today,
                "own": sorted(own),
                "units": units,
            }
            rows = await recorder.pool.fetch(query.sql, *query.arguments(values))
            told = {one for one in units if seen_by(log, own, one, on, today).includes(one)}
            assert {row["unit_id"] for row in rows} == told, (own, on)
