"""What costs a look is looked at once for all who ask, and again once it is no longer recent."""

import asyncio

import pytest

from service.observability import short_cache
from service.observability.short_cache import ShortCache


async def test_one_look_serves_all_who_ask_and_whoever_leaves_does_not_end_it(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    now, looks, done = 0.0, list[int](), asyncio.Event()
    monkeypatch.setattr(short_cache, "monotonic", lambda: now)

    async def look() -> int:
        looks.append(1)
        await done.wait()
        return len(looks)

    seen = ShortCache(look)
    leaver = asyncio.create_task(seen.value())
    others = [asyncio.create_task(seen.value()) for _ in range(50)]
    await asyncio.sleep(0)
    leaver.cancel()
    done.set()
    assert await asyncio.gather(*others) == [1] * 50
    now = 0.9
    assert await seen.value() == 1
    now = 1.1
    assert await seen.value() == 2


async def test_a_look_that_failed_is_not_remembered() -> None:
    looks = iter((ValueError("away"), 7))

    async def look() -> int:
        found = next(looks)
        if isinstance(found, Exception):
            raise found
        return found

    seen = ShortCache(look)
    with pytest.raises(ValueError, match="away"):
        await seen.value()
    assert await seen.value() == 7
