"""Sending: the province-wide files go to the importer over HTTP, each followed to its end."""

import asyncio
from collections.abc import Callable, Mapping
from hashlib import sha256
from typing import Any

import httpx

from service.demo.loading import CONFLICT, CREATED, SampleRefused
from service.demo.steps import Client
from service.demo.tuyen_quang.province_2021 import AS_OF, LEDGER, LEDGER_NAME, File, files

LOOK_AGAIN_SECONDS = 0.3


class Sender:
    """Sends the files to one service.

    Args:
        http: knows the service's address.
        tokens: of the registry, which registers, and of the committee, which decides.
        advance: told how many rows more are done.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        tokens: Mapping[Client, str],
        advance: Callable[[int], None],
    ) -> None:
        self._http = http
        self._advance = advance
        self._headers = {"Authorization": f"Bearer {tokens[Client.REGISTRY]}"}
        self._approver = {"Approver-Authorization": f"Bearer {tokens[Client.COMMITTEE]}"}

    async def send(self) -> None:
        """Every file that was not taken in before, in order.

        Raises:
            SampleRefused: a file or a row was.
        """
        opened = await self._http.post(
            "/v1/ledgers", json={"ledger": LEDGER, "name": LEDGER_NAME}, headers=self._headers
        )
        if opened.status_code not in {CREATED, CONFLICT}:
            raise SampleRefused(opened.text)
        known = (await self._get("imports"))["items"]
        taken = {job["sha256"] for job in known if job["state"] == "done" and not job["refused"]}
        for file in files():
            rows = file.content.count(b"\n") - 1
            if sha256(file.content).hexdigest() in taken:
                self._advance(rows)
            else:
                await self._take(file)

    async def _take(self, file: File) -> None:
        reply = await self._http.post(
            f"/v1/{LEDGER}/imports/{file.kind.value}",
            params={"file": file.name},
            content=file.content,
            headers={**self._headers, **self._approver, "Content-Type": "text/csv"},
        )
        if not reply.is_success:
            raise SampleRefused(f"{file.name}: {reply.text}")
        done = 0
        while True:
            job = await self._get(f"imports/{reply.json()['job']}")
            self._advance(job["rows_done"] - done)
            done = job["rows_done"]
            if job["findings_total"] or job["state"] == "failed":
                raise SampleRefused(f"{file.name}: {job['findings'][:1]}")
            if job["state"] == "done":
                return
            await asyncio.sleep(LOOK_AGAIN_SECONDS)

    async def _get(self, path: str) -> dict[str, Any]:
        reply = await self._http.get(f"/v1/{LEDGER}/{path}", headers=self._headers)
        reply.raise_for_status()
        found: dict[str, Any] = reply.json()
        return found


async def figures(http: httpx.AsyncClient, token: str) -> dict[str, int]:
    """What the read models say of the province by 31 May 2021, once they know everything."""
    headers = {"Authorization": f"Bearer {token}"}

    async def get(path: str, **asked: str | int) -> dict[str, Any]:
        reply = await http.get(f"/v1/{LEDGER}/{path}", params=asked, headers=headers)
        reply.raise_for_status()
        found: dict[str, Any] = reply.json()
        return found

    head = (await get("events", limit=1))["head"]

    async def groups(group_by: str, **filters: str) -> list[dict[str, Any]]:
        """Every group, page by page."""
        asked: dict[str, str | int] = {"min_position": head, "as_of": AS_OF, "limit": 200}
        found: list[dict[str, Any]] = []
        cursor: str | None = ""
        while cursor is not None:
            place = {"cursor": cursor} if cursor else {}
            page = await get("completion-rates", group_by=group_by, **asked, **filters, **place)
            found += page["items"]
            cursor = page["next_cursor"]
        return found

    async def assigned(**filters: str) -> int:
        return sum(group["assigned"] for group in await groups("none", **filters))

    return {
        "officials": len(await groups("official")),
        "tasks": await assigned(),
        "yearly": await assigned(term_kind="year"),
        "period": await assigned(term_kind="period"),
    }
