"""The whole feed of a ledger, as an integrator reads it."""

import httpx

from tests.domain.record.naive.facts import Fact, fed


def feed(client: httpx.Client, ledger: str) -> list[Fact]:
    """All events of the ledger, in order."""
    found: list[Fact] = []
    while True:
        page = client.get(f"/v1/{ledger}/events?limit=1000&after={len(found)}").json()
        if not page["events"]:
            return found
        found += fed(page["events"])
