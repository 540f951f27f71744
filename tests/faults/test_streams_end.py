"""SIGTERM while streams and long polls are under way: each ends properly, none with an error."""

import asyncio
import signal
import time

import httpx

from tests.faults.checker import compared
from tests.faults.conftest import Report, Serve, Site
from tests.faults.load import Load, under_load

STREAMS = 50
# So many that the streams are still being sent when the service is asked to end.
EVENTS = 400
POLLS = 10
WAIT_S = 60


async def test_streams_and_long_polls_end_properly_when_the_service_is_asked_to_end(
    site: Site, serve: Serve, report: Report
) -> None:
    service = serve(site.url)
    load = Load([service.address], site.token, [site.ledger])
    with under_load(load):
        await asyncio.to_thread(load.wait_for, EVENTS)
    headers = {"Authorization": f"Bearer {site.token}"}
    limits = httpx.Limits(max_connections=None)
    async with (
        httpx.AsyncClient(
            base_url=service.address, headers=headers, timeout=WAIT_S, limits=limits
        ) as client,
        asyncio.timeout(WAIT_S),
    ):
        head = (await client.get(f"/v1/{site.ledger}/events")).json()["head"]
        begun = [asyncio.Event() for _ in range(STREAMS)]
        polls = [
            asyncio.create_task(
                client.get(f"/v1/{site.ledger}/events", params={"wait": 30, "after": head})
            )
            for _ in range(POLLS)
        ]
        streams = [asyncio.create_task(_read(client, site.ledger, one)) for one in begun]
        await asyncio.gather(*(one.wait() for one in begun))
        service.process.send_signal(signal.SIGTERM)
        asked = time.monotonic()
        # A body that is cut off raises.
        assert all(await asyncio.gather(*streams))
        assert {reply.status_code for reply in await asyncio.gather(*polls)} == {200}
    assert await asyncio.to_thread(service.process.wait, WAIT_S) == 0
    seconds = time.monotonic() - asked
    assert service.lines(level="error") == []
    assert "Traceback" not in service.text
    row = compared(
        f"SIGTERM with {STREAMS} streams, ended",
        load,
        site.server,
        database=site.database,
        seconds=seconds,
    )
    report(row)


async def _read(client: httpx.AsyncClient, ledger: str, begun: asyncio.Event) -> bytes:
    """Everything that the stream says until it ends."""
    said = b""
    async with client.stream("GET", f"/v1/{ledger}/events/stream") as reply:
        async for chunk in reply.aiter_bytes():
            said += chunk
            begun.set()
    return said
