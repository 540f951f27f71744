"""Queries: a sample's figures are read from the service's read models at the ledger's head."""

from typing import Any, Self, TypeAlias

import httpx

from service.demo.steps import Province

Figures: TypeAlias = dict[str, Any]
Row: TypeAlias = dict[str, Any]
Filter: TypeAlias = str | int

PAGE = 200


class ReadClient:
    """A client of one ledger's read models, all read at the same position or later.

    Args:
        http: a client with the service's address.
        token: the token of the caller.
        province: the province whose ledger is read.
    """

    def __init__(self, http: httpx.AsyncClient, token: str, province: Province) -> None:
        self._http = http
        self._headers = {"Authorization": f"Bearer {token}"}
        self._path = f"/v1/{province.ledger}"
        self._position = 0

    async def at_head(self) -> Self:
        """Require every later read to include the log up to its present head."""
        self._position = (await self.get("events", limit=1))["head"]
        return self

    async def get_all(self, path: str, **filters: Filter) -> list[Row]:
        """Read every item of a list, page by page."""
        reply = await self._request(path, {"limit": PAGE, **filters})
        items: list[Row] = reply.json()["items"]
        while "next" in reply.links:
            reply = await self._http.get(reply.links["next"]["url"], headers=self._headers)
            reply.raise_for_status()
            items += reply.json()["items"]
        return items

    async def get(self, path: str, **filters: Filter) -> Row:
        """Read the document at the path."""
        body: Row = (await self._request(path, filters)).json()
        return body

    async def _request(self, path: str, filters: dict[str, Filter]) -> httpx.Response:
        params: dict[str, Filter] = {"min_position": self._position} if self._position else {}
        reply = await self._http.get(
            f"{self._path}/{path}", params={**params, **filters}, headers=self._headers
        )
        reply.raise_for_status()
        return reply
