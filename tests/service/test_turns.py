"""Turns: clients of a ledger take turns, and none fills the line alone."""

import asyncio

import pytest

from service.log.events import LogBusy
from service.requests import TooManyWaiting
from service.turns import Turns


class Line:
    """Commands that note in which order they are worked on."""

    def __init__(self, turns: Turns) -> None:
        self.turns = turns
        self.worked_on: list[str] = []
        self.tasks: list[asyncio.Task[None]] = []

    async def send(self, client: str, count: int = 1) -> None:
        for _ in range(count):
            self.tasks.append(asyncio.create_task(self._work(client)))
        await asyncio.sleep(0)

    async def _work(self, client: str) -> None:
        async with self.turns.turn("ledger", client):
            self.worked_on.append(client)
            await asyncio.sleep(0)


async def test_a_client_with_few_commands_does_not_wait_behind_all_of_another() -> None:
    line = Line(Turns(per_client=500, seconds=30, at_work=1))
    await line.send("many", 250)
    await line.send("few", 3)
    await asyncio.gather(*line.tasks)
    assert len(line.worked_on) == 253
    assert line.worked_on[:10].count("few") == 3


async def test_a_client_with_too_many_waiting_is_refused_and_others_are_not() -> None:
    line = Line(Turns(per_client=2, seconds=30, at_work=1))
    await line.send("many", 4)
    await line.send("few")
    outcomes = await asyncio.gather(*line.tasks, return_exceptions=True)
    assert [type(outcome) for outcome in outcomes] == [
        *(type(None), type(None), type(None), TooManyWaiting, type(None))
    ]


async def test_ledgers_do_not_wait_for_one_another() -> None:
    turns = Turns(per_client=1, seconds=30, at_work=1)
    async with turns.turn("one", "client"), turns.turn("another", "client"):
        assert not turns.is_idle
    assert turns.is_idle


async def test_a_turn_that_does_not_come_in_time_is_given_up() -> None:
    turns = Turns(per_client=2, seconds=0.05, at_work=1)
    async with turns.turn("ledger", "client"):
        with pytest.raises(LogBusy):
            async with turns.turn("ledger", "client"):
                pass
    async with turns.turn("ledger", "client"):
        pass


async def test_a_caller_who_leaves_the_line_holds_up_nobody() -> None:
    line = Line(Turns(per_client=5, seconds=30, at_work=1))
    await line.send("one", 3)
    line.tasks[1].cancel()
    await asyncio.gather(*line.tasks, return_exceptions=True)
    await line.send("two")
    await line.tasks[-1]
    assert line.worked_on == ["one", "one", "two"]
