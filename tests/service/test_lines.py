"""Lines: one at a time of those who share a tag, in their order; nobody waits for ever."""

import asyncio

from service.lines import Lines

LEDGER = "tuyen-quang"


async def test_who_shares_a_tag_goes_one_by_one_in_order() -> None:
    lines, said = Lines(), list[str]()

    async def go(name: str, *tags: str) -> None:
        async with lines.turn(LEDGER, tags):
            said.append(f"{name} goes")
            await asyncio.sleep(0)
            said.append(f"{name} went")

    await asyncio.gather(go("an", "unit:a"), go("binh", "unit:a", "unit:b"), go("chi", "unit:a"))
    assert said == ["an goes", "an went", "binh goes", "binh went", "chi goes", "chi went"]
    assert not lines


async def test_who_shares_nothing_waits_for_nobody() -> None:
    lines = Lines()
    async with (
        asyncio.timeout(60),
        lines.turn(LEDGER, ["unit:a"]),
        lines.turn(LEDGER, ["unit:b"]),
        lines.turn("lai-chau", ["unit:a"]),
    ):
        assert lines.of(LEDGER, ["unit:a", "unit:c"]) == {"unit:a"}
        assert lines.of("lai-chau", ["unit:a", "unit:b"]) == {"unit:a"}


async def test_nobody_waits_for_somebody_who_waits_for_them() -> None:
    lines = Lines()

    async def go(*tags: str) -> None:
        async with lines.turn(LEDGER, tags):
            await asyncio.sleep(0)

    async with asyncio.timeout(60):
        await asyncio.gather(*(go(*tags) for tags in (("a", "b"), ("b", "a"), ("a", "a")) * 10))


async def test_who_leaves_the_line_holds_nobody_up() -> None:
    lines = Lines()
    async with lines.turn(LEDGER, ["b"]):
        waiting = asyncio.create_task(lines.turn(LEDGER, ["a", "b"]).__aenter__())
        await asyncio.sleep(0)
        waiting.cancel()
        await asyncio.gather(waiting, return_exceptions=True)
        async with asyncio.timeout(60), lines.turn(LEDGER, ["a"]):
            pass
