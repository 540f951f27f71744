"""What many ask at once is asked once; who asks later asks anew, and who leaves ends nothing."""

import asyncio

import pytest

from service.single_flight import SingleFlight


async def test_who_asks_the_same_at_once_gets_one_answer() -> None:
    flight, asked, done = SingleFlight(), list[str](), asyncio.Event()

    async def ask() -> int:
        asked.append("asked")
        await done.wait()
        return len(asked)

    leaver = asyncio.create_task(flight.join("head", ask))
    others = [asyncio.create_task(flight.join("head", ask)) for _ in range(9)]
    await asyncio.sleep(0)
    leaver.cancel()
    done.set()
    assert await asyncio.gather(*others) == [1] * 9
    assert await flight.join("head", ask) == 2


async def test_a_failure_is_everybodys_who_asked_and_nobody_elses() -> None:
    flight, failing = SingleFlight(), [True]

    async def ask() -> str:
        await asyncio.sleep(0)
        if failing:
            raise ValueError(failing.pop())
        return "answer"

    both = await asyncio.gather(*(flight.join(1, ask) for _ in range(2)), return_exceptions=True)
    assert [type(one) for one in both] == [ValueError, ValueError]
    assert await flight.join(1, ask) == "answer"
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await flight.join(2, asyncio.Event().wait)
