"""An office that sends files to a ledger and follows each to its end."""

import asyncio
from typing import Any

import httpx

from tests.service.imports.files import OFFICIALS, POSTS, UNITS

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
WAIT_S = 180.0


class Office:
    """Sends with one client; another, if there is one, approves."""

    def __init__(
        self, client: httpx.AsyncClient, ledger: str, approver: httpx.AsyncClient | None = None
    ) -> None:
        self.client = client
        self.ledger = ledger
        self.approval = (
            {}
            if approver is None
            else {"Approver-Authorization": approver.headers["Authorization"]}
        )

    async def sends(
        self, kind: str, content: str | bytes, *, form: str = "text/csv", **params: str
    ) -> httpx.Response:
        return await self.client.post(
            f"/v1/{self.ledger}/imports/{kind}",
            content=content,
            params=params,
            headers={"Content-Type": form, **self.approval},
        )

    async def follows(self, address: str) -> dict[str, Any]:
        async with asyncio.timeout(WAIT_S):
            while True:
                reply = await self.client.get(address)
                assert reply.status_code == 200, reply.text
                job: dict[str, Any] = reply.json()
                if job["state"] in {"done", "failed", "cancelled"}:
                    return job
                await asyncio.sleep(0.02)

    async def imports(
        self, kind: str, content: str | bytes, *, form: str = "text/csv", **params: str
    ) -> dict[str, Any]:
        """The job of a file, once it is over."""
        reply = await self.sends(kind, content, form=form, **params)
        assert reply.status_code == 202, reply.text
        assert reply.headers["Location"].endswith(reply.json()["job"])
        return await self.follows(reply.headers["Location"])

    async def establish(self) -> None:
        for kind, content in (("units", UNITS), ("posts", POSTS), ("officials", OFFICIALS)):
            job = await self.imports(kind, content)
            assert (job["state"], job["findings"]) == ("done", []), job

    async def head(self) -> int:
        reply = await self.client.get(f"/v1/{self.ledger}/events", params={"limit": 1})
        head: int = reply.json()["head"]
        return head
