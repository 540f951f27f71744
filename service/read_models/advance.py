"""Advance: the next events into the read models, rows and positions in one transaction.

A batch locks the positions it moves; whatever another process is moving is left to it. An event
that cannot be folded, or whose rows cannot be written, stops its projection of its ledger there.

The usual event comes last in the timeline of its thing: it is folded onto the open row. A thing
whose timeline the batch changes elsewhere is folded anew, and its rows are replaced.
"""

from collections.abc import Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass

import asyncpg
import structlog

from projections.folding import FoldFailed, Folding
from projections.lives import rows_of_all
from projections.projection import Projection, RecordedEvent, Row, Thing
from service.database.engine import Acquired
from service.database.outages import NOT_NOW
from service.error_texts import without_data
from service.read_models.events import Tail, lives_of, recorded_event, tail
from service.read_models.late import Standing, anew, latest_on
from service.read_models.tables import ReadTable

# Bounds how long a batch holds its locks.
BATCH_EVENTS = 500

# What may concern one table, and no other.
OF_ONE_TABLE = (asyncpg.LockNotAvailableError, asyncpg.UndefinedTableError)

# One that is being swapped for a new build is left alone, and so is one of another build.
# The locks of a host that is gone end soon, and nobody waits long for a table that others hold.
LOCK = """
SELECT projection, position, latest_on
FROM set_config('idle_in_transaction_session_timeout', '10s', true) AS idle
CROSS JOIN set_config('lock_timeout', '2s', true) AS patience
CROSS JOIN read.positions
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
SET position = m.position, latest_on = m.latest_on, stopped_at = m.stopped_at, error = m.error,
    moved_at = now()
FROM unnest($2::text[], $3::bigint[], $4::date[], $5::bigint[], $6::text[])
    AS m (projection, position, latest_on, stopped_at, error)
WHERE p.ledger = $1 AND p.projection = m.projection
"""

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Move:
    """What a batch comes to for one projection: where it stands then, and what stops it there."""

    standing: Standing
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
    except OF_ONE_TABLE:
        if len(tables) == 1:
            raise
        return await _each(connection, ledger, tables, limit)
    except NOT_NOW:
        raise  # nothing is wrong with the events
    except (asyncpg.PostgresError, FoldFailed) as refused:
        return await _narrowed(connection, ledger, tables, limit, refused)


async def _each(connection: Acquired, ledger: str, tables: Sequence[ReadTable], limit: int) -> bool:
    """The same where a table is held by others, or missing: the other projections go on."""
    moved: list[bool] = []
    held: Exception | None = None
    for table in tables:
        try:
            moved.append(await advance(connection, ledger, [table], limit))
        except OF_ONE_TABLE as error:
            held = error
    if held is not None and not moved:
        raise held
    return any(moved)


async def _narrowed(
    connection: Acquired,
    ledger: str,
    tables: Sequence[ReadTable],
    limit: int,
    refused: asyncpg.PostgresError | FoldFailed,
) -> bool:
    """The same after rows were refused, or a thing could not be folded anew.

    Each projection alone, then event by event.
    """
    if len(tables) > 1:
        return any([await advance(connection, ledger, [table], limit) for table in tables])
    if limit > 1:
        return await advance(connection, ledger, tables, 1)
    [table] = tables
    async with connection.transaction():
        for at in (await _lock(connection, ledger, tables)).values():
            stopped = Move(at, at.position + 1, f"{type(refused).__name__}: {refused}")
            await _move(connection, ledger, {table: stopped})
    return True


async def _batch(
    connection: Acquired, ledger: str, tables: Sequence[ReadTable], limit: int
) -> bool:
    """Projections that stand at the same position read the log together."""
    moves: dict[ReadTable, Move] = {}
    async with connection.transaction():
        standing = await _lock(connection, ledger, tables)
        for position in sorted({at.position for at in standing.values()}):
            group = {table: at for table, at in standing.items() if at.position == position}
            projections = [table.projection for table in group]
            read = await tail(connection, ledger, position, projections, limit)
            if read.events or read.missing is not None:
                moves |= await fold(connection, ledger, group, read)
        if moves:
            await _move(connection, ledger, moves)
    return bool(moves)


async def fold(
    connection: Acquired, ledger: str, standing: Mapping[ReadTable, Standing], read: Tail
) -> dict[ReadTable, Move]:
    """Write the rows that these events change, up to the first that cannot be folded.

    Args:
        connection: in a transaction.
        ledger: whose events.
        standing: the tables, and where they stand: right before the events.
        read: the events.

    Raises:
        FoldFailed: a thing cannot be folded anew; nothing is to be kept.
    """
    of = {table.projection: at for table, at in standing.items()}
    late = {
        one: tags for one, tags in (await anew(connection, ledger, of, read.events)).items() if tags
    }
    lives = await lives_of(connection, ledger, late, read.position) if late else {}
    return {
        table: await _fold(
            connection,
            ledger,
            table,
            at,
            read,
            {tag: lives[tag] for tag in late.get(table.projection, ())},
        )
        for table, at in standing.items()
    }


async def _fold(  # noqa: PLR0913, PLR0917  a batch, and what is known of it
    connection: Acquired,
    ledger: str,
    table: ReadTable,
    at: Standing,
    read: Tail,
    late: Mapping[str, Sequence[RecordedEvent]],
) -> Move:
    projection = table.projection
    reached = Standing(read.position, latest_on(projection, at.latest_on, read.events))
    move = Move(reached)
    if read.missing is not None:
        move = Move(reached, read.missing, f"position {read.missing} is missing in the log")
    events: list[RecordedEvent] = []
    rows: list[Row] = []
    try:
        events.extend(
            recorded_event(projection, *event[:6])
            for event in read.events
            if event.type in projection.folds and event.tag not in late
        )
    except FoldFailed as failed:
        move = _stopped(reached, failed)
    if events:
        things = _things(projection, events)
        folding = Folding(projection, await table.standing(connection, ledger, things))
        try:
            folding.fold(events)
        except FoldFailed as failed:
            move = _stopped(reached, failed)
        rows = folding.changed()
    await table.write(connection, ledger, rows)
    if late:
        made = rows_of_all(projection, late.values(), move.standing.position)
        await table.replace(connection, ledger, _ids(projection, late), [*made])
    return move


def _stopped(reached: Standing, failed: FoldFailed) -> Move:
    return Move(reached._replace(position=failed.position - 1), failed.position, str(failed))


def _ids(projection: Projection, tags: Iterable[str]) -> list[str]:
    return [tag.removeprefix(projection.tag_prefix) for tag in tags]


def _things(projection: Projection, events: Sequence[RecordedEvent]) -> list[Thing]:
    """What the facts are about, each thing once; a fact about nothing fails when it is folded."""
    found: dict[Thing, None] = {}
    for event in events:
        with suppress(KeyError, TypeError):
            found[projection.thing(event.data)] = None
    return list(found)


async def _lock(
    connection: Acquired, ledger: str, tables: Sequence[ReadTable]
) -> dict[ReadTable, Standing]:
    """Where those stand that nobody else is moving, locked."""
    by_name = {table.projection.name: table for table in tables}
    prints = [table.projection.fingerprint for table in tables]
    rows = await connection.fetch(LOCK, ledger, list(by_name), prints)
    return {by_name[name]: Standing(position, latest) for name, position, latest in rows}


async def _move(connection: Acquired, ledger: str, moves: dict[ReadTable, Move]) -> None:
    await connection.execute(
        MOVE,
        ledger,
        [table.projection.name for table in moves],
        [move.standing.position for move in moves.values()],
        [move.standing.latest_on for move in moves.values()],
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
                error=without_data(move.error),
            )
