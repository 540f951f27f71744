"""Import of units under one parent against units without: it must not slow down as they grow many.

Files over HTTP, as an office sends them. All that one contender imports comes under one parent, or
all under none: in the last round a parent has some 2,000 units already.
"""

import asyncio
import time
from collections.abc import Iterator

import httpx

from bench.command import serving
from bench.harness import Contender, Figures, Result, Rounds

LEDGER = "bench"
UNITS = 350
PARENT = "tinh"
HEADINGS = "Mã đơn vị,Tên đơn vị,Loại đơn vị,Trực thuộc,Có hiệu lực từ"
SECONDS = "seconds"
POLL_SECONDS = 0.01


class Office:
    """Sends files of units, and waits for the end of each."""

    def __init__(self, client: httpx.AsyncClient) -> None:
        self._client = client
        self._sent = 0

    async def imports(self, rows: list[str]) -> float:
        """Import these rows; how many seconds that took."""
        began = time.perf_counter()
        reply = await self._client.post(
            f"/v1/{LEDGER}/imports/units",
            content="\n".join((HEADINGS, *rows)),
            headers={"Content-Type": "text/csv"},
        )
        reply.raise_for_status()
        while True:
            job = (await self._client.get(reply.headers["Location"])).json()
            if job["state"] in {"done", "failed"}:
                break
            await asyncio.sleep(POLL_SECONDS)
        if job["imported"] != len(rows):
            raise RuntimeError(f"not imported: {job}")
        return time.perf_counter() - began

    def importing(self, parent: str) -> Contender:
        """A contender that imports units under the parent, or under none where it is empty."""

        async def import_units() -> Figures:
            return {SECONDS: await self.imports([*self._units(parent)])}

        return import_units

    def _units(self, parent: str) -> Iterator[str]:
        for number in range(self._sent, self._sent + UNITS):
            yield f"xa-{number},Xã {number},xã,{parent},04/01/2021"
        self._sent += UNITS


async def run(url: str) -> list[Result]:
    """How long a file takes, under one parent and under none in turns."""
    async with (
        serving(url) as (host, port, token),
        httpx.AsyncClient(
            base_url=f"http://{host}:{port}", headers={"Authorization": f"Bearer {token}"}
        ) as client,
    ):
        office = Office(client)
        await office.imports([f"{PARENT},Tỉnh,tỉnh,,01/01/2021"])
        turns = await Rounds(
            {"under one parent": office.importing(PARENT), "under none": office.importing("")}
        ).run()
    name = "import_one_parent_vs_none"
    return [turns.ratio(name, "under one parent", "under none", SECONDS, target=1.3, at_most=True)]
