"""Naming: the names of the units, posts, tasks and officials that the rows of a file mention."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import TypeAlias

import asyncpg

from domain.organisation.events import OfficialRegistered
from projections.names import names, sealed_names
from projections.statement import Statement
from service.database.engine import Acquired
from service.http.reads.words import ERASED, UNREADABLE
from service.language import Language
from service.log.codec import Codec, StoredEvent

Names: TypeAlias = Mapping[str, Mapping[str, str]]


class Naming:
    """The names of one file, as of its day.

    Args:
        codec: opens the seals of officials' names.
        connection: that of the file.
        ledger: whose.
        as_of: the day of the names.
        language: of what stands for the name of an erased person.
    """

    def __init__(
        self, codec: Codec, connection: Acquired, ledger: str, as_of: date, language: Language
    ) -> None:
        self._codec = codec
        self._connection = connection
        self._ledger = ledger
        self._as_of = as_of
        self._erased = ERASED[language]
        self._unreadable = UNREADABLE[language]

    async def of(self, mentioned: Mapping[str, Sequence[str]]) -> Names:
        """The names of what is mentioned, by kind and id."""
        return {kind: await self._names(kind, ids) for kind, ids in mentioned.items()}

    async def _names(self, kind: str, ids: Sequence[str]) -> Mapping[str, str]:
        if kind == "official":
            return await self._of_officials(ids)
        return {row["id"]: row["name"] for row in await self._rows(names(kind), ids)}

    async def _of_officials(self, ids: Sequence[str]) -> Mapping[str, str]:
        rows = await self._rows(sealed_names(), ids)
        stored = [StoredEvent.of(row) for row in rows]
        decoded = await self._codec.decode_marked(self._ledger, stored)
        return {
            row["id"]: event.full_name or (self._unreadable if unreadable else self._erased)
            for row, (event, _, unreadable) in zip(rows, decoded, strict=True)
            if isinstance(event, OfficialRegistered)
        }

    async def _rows(self, of: Statement, ids: Sequence[str]) -> Sequence[asyncpg.Record]:
        values = {"ledger": self._ledger, "as_of": self._as_of, "ids": ids}
        return await self._connection.fetch(of.sql, *of.arguments(values))
