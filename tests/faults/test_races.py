"""Races: many callers with one key, and contradicting commands on two processes, decide one way."""

import asyncio
import time
from collections import Counter
from collections.abc import Sequence
from uuid import uuid4

import httpx
import pytest

from tests.faults.checker import Outcome, tags_in_order
from tests.faults.conftest import Report, Serve, Site

RACERS = 64
PAIRS = 16  # of contradicting commands, at once
ROUNDS = 100


def registration(official_id: str, name: str) -> dict[str, str]:
    return {"official_id": official_id, "full_name": name, "effective_on": "2021-01-04"}


class Callers:
    """Callers of two processes that share a database."""

    def __init__(self, site: Site, serve: Serve) -> None:
        self.site = site
        self.addresses = [serve(site.url).address for _ in range(2)]

    async def race(self, *calls: tuple[str, dict[str, str]]) -> list[httpx.Response]:
        """Send these registrations at once, each with its key; the processes take turns."""
        headers = {"Authorization": f"Bearer {self.site.token}"}
        async with httpx.AsyncClient(headers=headers, timeout=60) as client:
            return await asyncio.gather(
                *(
                    client.post(
                        f"{self.addresses[turn % 2]}/v1/{self.site.ledger}/officials/register",
                        json=body,
                        headers={"Idempotency-Key": key},
                    )
                    for turn, (key, body) in enumerate(calls)
                )
            )

    def outcome(self, race: str, rounds: int, officials: Sequence[str], seconds: float) -> Outcome:
        """What became of the commands of which one each was acknowledged."""
        log = tags_in_order(self.site.server, self.site.database, self.site.ledger)
        recorded = Counter(tag for tags in log for tag in tags)
        times = [recorded[f"official:{official_id}"] for official_id in officials]
        return Outcome(
            race,
            rounds,
            acknowledged=len(officials),
            lost=times.count(0),
            doubled=sum(time > 1 for time in times),
            seconds=round(seconds, 2),
        )


@pytest.fixture
def callers(site: Site, serve: Serve) -> Callers:
    return Callers(site, serve)


@pytest.mark.faults
async def test_of_many_callers_with_one_key_all_get_the_one_outcome(
    callers: Callers, report: Report
) -> None:
    officials = [f"o-{uuid4().hex}" for _ in range(4)]
    longest = 0.0
    for official_id in officials:
        began = time.monotonic()
        body = registration(official_id, "Cán bộ 017")
        replies = await callers.race(*[("one-key-" + official_id, body)] * RACERS)
        assert {reply.status_code for reply in replies} == {201}
        assert len({reply.json()["position"] for reply in replies}) == 1
        longest = max(longest, time.monotonic() - began)
    report(callers.outcome(f"{RACERS} callers with one key", 4, officials, longest))


@pytest.mark.faults
async def test_of_two_contradicting_commands_one_is_recorded(
    callers: Callers, report: Report
) -> None:
    all_officials: list[str] = []
    longest = 0.0
    for _ in range(ROUNDS):
        began = time.monotonic()
        officials = [f"o-{uuid4().hex}" for _ in range(PAIRS)]
        all_officials += officials
        calls = [
            (uuid4().hex, registration(official_id, name))
            for official_id in officials
            for name in ("Cán bộ 017", "Cán bộ 018")
        ]
        replies = await callers.race(*calls)
        for pair in zip(replies[::2], replies[1::2], strict=True):
            assert sorted(reply.status_code for reply in pair) == [201, 409]
        longest = max(longest, time.monotonic() - began)
    report(callers.outcome("contradicting commands, two processes", ROUNDS, all_officials, longest))
