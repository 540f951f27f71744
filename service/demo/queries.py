"""Asking: a sample's figures are what the service's read models say, once they know everything."""

from typing import Any, Self, TypeAlias

import httpx

from service.demo.steps import Province

Figures: TypeAlias = dict[str, Any]
Row: TypeAlias = dict[str, Any]
Filter: TypeAlias = str | int

PAGE = 200


class Inquiry:
    """Asks the read models of one ledger, each as of the ledger's last position at the beginning.

    Args:
        http: knows the service's address.
        token: of whoever asks.
        province: whose ledger is asked.
    """

    def __init__(self, http: httpx.AsyncClient, token: str, province: Province) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"}
        self._path = f"/v1/{province.ledger}"
        self._position = 0

    async def begun(self) -> Self:
        """The same inquiry, once it knows how far the log reaches."""
        self._position = (await self.one("events", limit=1))["head"]
        return self

    async def all(self, path: str, **filters: Filter) -> list[Row]:
        """Every item of a list, page by page."""
        reply = await self._reply(path, {"limit": PAGE, **filters})
        items: list[Row] = reply.json()["items"]
        while "next" in reply.links:
            reply = await self._http.get(reply.links["next"]["url"], headers=self._headers)
            reply.raise_for_status()
            items += reply.json()["items"]
        return items

    async def one(self, path: str, **filters: Filter) -> Row:
        """What the service says there."""
        found: Row = (await self._reply(path, filters)).json()
        return found

    async def _reply(self, path: str, filters: dict[str, Filter]) -> httpx.Response:
        known: dict[str, Filter] = {"min_position": self._position} if self._position else {}
        reply = await self._http.get(
            f"{self._path}/{path}", params={**known, **filters}, headers=self._headers
        )
        reply.raise_for_status()
        return reply
