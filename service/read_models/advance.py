"""Advance: the next events into the read models, rows and positions in one transaction.

A batch locks the positions it moves; whatever another process is moving is left to it. An event
that cannot be folded, or whose rows cannot be written, stops its projection of its ledger there.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass

import asyncpg
import structlog

from projections.folding import FoldFailed, Folding
from projections.projection import Projection, RecordedEvent, Thing
from service.database.engine import Acquired
from service.read_models.events import Tail, recorded_event, tail
from service.read_models.tables import ReadTable

# Bounds how long a batch holds its locks.
BATCH_EVENTS = 500

# What passes by itself: nothing is wrong with the events.
PASSING: tuple[type[Exception], ...] = (
    OSError,
    asyncpg.InterfaceError,
    asyncpg.PostgresConnectionError,
    asyncpg.TransactionRollbackError,
    asyncpg.InsufficientResourcesError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    asyncpg.OperatorInterventionError,
)

# One that is being swapped for a new build is left alone, and so is one of another build.
LOCK = """
SELECT projection, position
FROM read.positions
JOIN read.projections USING (projection)
WHERE ledger = $1 AND stopped_at IS NULL
    AND (projection, fingerprint) IN (SELECT * FROM unnest($2::text[], $3::text[]))
FOR UPDATE OF positions SKIP LOCKED
FOR SHARE OF projections SKIP LOCKED
"""
BEGIN = """
INSERT INTO read.positions (projection, ledger)
SELECT projection, $1 FROM read.projections WHERE projection = ANY ($2::text[])
ON CONFLICT DO NOTHING
"""
MOVE = """
UPDATE read.positions p
SET position = m.position, stopped_at = m.stopped_at, error = m.error, moved_at = now()
FROM unnest($2::text[], $3::bigint[], $4::bigint[], $5::text[])
    AS m (projection, position, stopped_at, error)
WHERE p.ledger = $1 AND p.projection = m.projection
"""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Move:
    """What a batch comes to for one projection: where it stands then, and what stops it there."""

    position: int
    stopped_at: int | None = None
    error: str | None = None


async def begin(connection: Acquired, ledger: str, projections: Sequence[Projection]) -> None:
    """Let the ledger have a position in each of these projections."""
    await connection.execute(BEGIN, ledger, [projection.name for projection in projections])


async def advance(
    connection: Acquired, ledger: str, tables: Sequence[ReadTable], limit: int = BATCH_EVENTS
) -> bool:
    """Take every projection that is free `limit` events further; whether any moved."""
    try:
        return await _batch(connection, ledger, tables, limit)
    except PASSING:
        raise
    except asyncpg.PostgresError as refused:
        return await _narrowed(connection, ledger, tables, limit, refused)


async def _narrowed(
    connection: Acquired,
    ledger: str,
    tables: Sequence[ReadTable],
    limit: int,
    refused: asyncpg.PostgresError,
) -> bool:
    """The same after rows were refused: each projection alone, then event by event."""
    if len(tables) > 1:
        return any([await advance(connection, ledger, [table], limit) for table in tables])
    if limit > 1:
        return await advance(connection, ledger, tables, 1)
    [table] = tables
    async with connection.transaction():
        standing = await _lock(connection, ledger, tables)
        for position in standing.values():
            stopped = Move(position, position + 1, f"{type(refused).__name__}: {refused}")
            await _move(connection, ledger, {table: stopped})
    return True


async def _batch(
    connection: Acquired, ledger: str, tables: Sequence[ReadTable], limit: int
) -> bool:
    """Projections that stand at the same position read the log together."""
    moves: dict[ReadTable, Move] = {}
    async with connection.transaction():
        standing = await _lock(connection, ledger, tables)
        for position in sorted(set(standing.values())):
            group = [table for table in standing if standing[table] == position]
            projections = [table.projection for table in group]
            read = await tail(connection, ledger, position, projections, limit)
            if read.events or read.missing is not None:
                for table in group:
                    moves[table] = await fold(connection, ledger, table, read)
        if moves:
            await _move(connection, ledger, moves)
    return bool(moves)


async def fold(connection: Acquired, ledger: str, table: ReadTable, read: Tail) -> Move:
    """Write the rows that these events change, up to the first that cannot be folded."""
    projection = table.projection
    move = Move(read.position)
    if read.missing is not None:
        move = Move(read.position, read.missing, f"position {read.missing} is missing in the log")
    events: list[RecordedEvent] = []
    try:
        events.extend(
            recorded_event(projection, *event)
            for event in read.events
            if event.type in projection.folds
        )
    except FoldFailed as failed:
        move = Move(failed.position - 1, failed.position, str(failed))
    if not events:
        return move
    things = _things(projection, events)
    folding = Folding(projection, await table.standing(connection, ledger, things))
    try:
        folding.fold(events)
    except FoldFailed as failed:
        move = Move(failed.position - 1, failed.position, str(failed))
    await table.write(connection, ledger, folding.changed())
    return move


def _things(projection: Projection, events: Sequence[RecordedEvent]) -> list[Thing]:
    """What the facts are about, each thing once; a fact about nothing fails when it is folded."""
    found: dict[Thing, None] = {}
    for event in events:
        with suppress(KeyError, TypeError):
            found[projection.thing(event.data)] = None
    return list(found)


async def _lock(
    connection: Acquired, ledger: str, tables: Sequence[ReadTable]
) -> dict[ReadTable, int]:
    """Where those stand that nobody else is moving, locked."""
    by_name = {table.projection.name: table for table in tables}
    prints = [table.projection.fingerprint for table in tables]
    rows = await connection.fetch(LOCK, ledger, list(by_name), prints)
    return {by_name[row["projection"]]: row["position"] for row in rows}


async def _move(connection: Acquired, ledger: str, moves: dict[ReadTable, Move]) -> None:
    await connection.execute(
        MOVE,
        ledger,
        [table.projection.name for table in moves],
        [move.position for move in moves.values()],
        [move.stopped_at for move in moves.values()],
        [move.error for move in moves.values()],
    )
    for table, move in moves.items():
        if move.error is not None:
            log.error(
                "projection_stopped",
                projection=table.projection.name,
                ledger=ledger,
                position=move.stopped_at,
                error=move.error,
            )
