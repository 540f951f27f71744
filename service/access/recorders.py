"""Recorders: who recorded an event: by its token, also one revoked since, or else by its actor."""

from collections.abc import Mapping, Sequence

from domain.access.callers import Caller
from domain.access.roles import Role
from domain.kernel import Actor
from service.database.engine import Pool
from service.log.events import RecordedEvent

# The rows of tokens are never deleted, and whom a token belongs to never changes.
REMEMBERED = 10_000


class Recorders:
    """Whom the tokens of recorded events belong to."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool
        self._callers: dict[str, Caller] = {}

    async def of(self, events: Sequence[RecordedEvent]) -> Mapping[int, Caller]:
        """Who recorded these events, by position."""
        tokens = {one.event.token_id for one in events if one.event.token_id is not None}
        await self._load(tokens - self._callers.keys())
        return {one.position: self._recorder(one) for one in events}

    async def _load(self, token_ids: set[str]) -> None:
        if not token_ids:
            return
        rows = await self._pool.fetch(
            "select id, role, official_id, units from access.tokens where id = any($1)",
            sorted(token_ids),
        )
        if len(self._callers) + len(rows) > REMEMBERED:
            self._callers.clear()
        for row in rows:
            units = frozenset(row["units"])
            self._callers[row["id"]] = Caller(
                Role(row["role"]), row["official_id"], units, row["id"]
            )

    def _recorder(self, recorded: RecordedEvent) -> Caller:
        token_id = recorded.event.token_id
        known = None if token_id is None else self._callers.get(token_id)
        if known is not None:
            return known
        return Caller(
            Role.OFFICIAL, Actor(recorded.event.actor).official_id, token_id=token_id or ""
        )
