"""Uploads: files as an office would send them, uploaded to the importer and followed to the end."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from hashlib import sha256
from typing import Any, NamedTuple

import httpx

from domain.values import Basis
from service.demo.loading import SampleRefused, open_ledger
from service.demo.steps import Client, Province
from service.imports.file_kinds import FileKind

POLL_SECONDS = 0.3


class File(NamedTuple):
    """A file as an office would send it: CSV in UTF-8 with semicolons, and the act it cites."""

    kind: FileKind
    name: str
    content: bytes
    act: Basis | None = None

    @property
    def query(self) -> dict[str, str]:
        """The query parameters of the upload."""
        if self.act is None:
            return {"file": self.name}
        cited = self.act.model_dump(mode="json").items()
        return {"file": self.name, **{f"document_{name}": value for name, value in cited}}

    @property
    def rows(self) -> int:
        return self.content.count(b"\n") - 1


class Uploader:
    """Uploads files to one service.

    Args:
        http: a client with the service's address.
        tokens: the tokens of the registry, which registers, and of the committee, which decides.
        province: the province into whose ledger the files are imported.
        advance: called with the number of rows just done.
    """

    def __init__(
        self,
        http: httpx.AsyncClient,
        tokens: Mapping[Client, str],
        province: Province,
        advance: Callable[[int], None],
    ) -> None:
        self._http = http
        self._advance = advance
        self._province = province
        self._token = tokens[Client.REGISTRY]
        self._headers = {"Authorization": f"Bearer {self._token}"}
        self._approver = {"Approver-Authorization": f"Bearer {tokens[Client.COMMITTEE]}"}

    async def send(self, files: Iterable[File]) -> None:
        """Upload every file that was not imported before, in order.

        Raises:
            SampleRefused: the service refused a file or a row.
        """
        await open_ledger(self._http, self._token, self._province)
        jobs = (await self._get("imports"))["items"]
        uploaded = {job["sha256"] for job in jobs if job["state"] == "done" and not job["refused"]}
        for file in files:
            if sha256(file.content).hexdigest() in uploaded:
                self._advance(file.rows)
            else:
                await self._upload(file)

    async def _upload(self, file: File) -> None:
        reply = await self._http.post(
            f"/v1/{self._province.ledger}/imports/{file.kind.value}",
            params=file.query,
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
            if job["refused"] or job["state"] == "failed":
                raise SampleRefused(f"{file.name}: {job['findings'][:1]}")
            if job["state"] == "done":
                return
            await asyncio.sleep(POLL_SECONDS)

    async def _get(self, path: str) -> dict[str, Any]:
        reply = await self._http.get(f"/v1/{self._province.ledger}/{path}", headers=self._headers)
        reply.raise_for_status()
        body: dict[str, Any] = reply.json()
        return body
