"""Slots: the schemas in which snapshots lie, filled with a ledger's read models up to a position.

The migrations make them, under fixed names: the service owns no schema. Whoever fills or clears a
slot holds its lock until the connection ends, so a killed process holds none.
"""

from collections.abc import Callable
from functools import cache
from hashlib import sha256

from projections import PROJECTIONS
from service.database.engine import Acquired
from service.read_models.bulk import Bulk, Progress
from service.read_models.events import Counts, by_kind, folded_by
from service.read_models.tables import ReadTable, analyze, finish

# Advisory locks of slots: this class, and the slot's number.
LOCK_CLASS = 8_090_005
# A statement that still reads a table may be waited for; others wait behind it for as long.
CLEAR_WAIT_MS = 2_000

# What of the log itself a snapshot has, as views; what is tagged names the words of one ledger.
BESIDE = {
    "events": "ledger = {ledger} AND position <= {position}",
    "tagged": "position <= {position}",
    "words": "ledger = {ledger}",
}
HELD = "SELECT pg_try_advisory_lock($1, $2)"
RELATIONS = """
SELECT relname, relkind = 'v' AS is_view FROM pg_class
WHERE relnamespace = to_regnamespace($1)::oid AND relkind IN ('r', 'v')
ORDER BY relkind DESC, relname
"""


@cache
def build() -> str:
    """What the rows of a snapshot depend on: it fits the statements of builds with the same."""
    fingerprints = sorted(projection.fingerprint for projection in PROJECTIONS)
    return sha256("".join([*fingerprints, *BESIDE]).encode()).hexdigest()


def schema_of(slot: int) -> str:
    """The slot's schema; a constant of the programme."""
    return f"snapshot_{slot:02}"


async def hold(connection: Acquired, slot: int) -> bool:
    """Hold the slot until the connection ends; False if another process holds it."""
    return await connection.fetchval(HELD, LOCK_CLASS, slot) is True


async def fill(  # noqa: PLR0913, PLR0917  from where, where to, and who is told
    reader: Acquired,
    writer: Acquired,
    slot: int,
    ledger: str,
    position: int,
    progress: Progress,
) -> None:
    """Fold the ledger's log up to the position into the slot, whatever it held before.

    Raises:
        FoldFailed: at an event that cannot be folded.
        LogBroken: a position is missing.
    """
    schema = schema_of(slot)
    await clear(writer, slot)
    recorded = await Counts().up_to(reader, ledger, position)
    kinds = by_kind(PROJECTIONS)
    total = sum(folded_by(kind, recorded) for kind in kinds)
    before = 0
    for kind in kinds:
        tables = [ReadTable(projection, schema) for projection in kind]
        expected = folded_by(kind, recorded)
        async with writer.transaction():
            for table in tables:
                await table.create(writer)
            if expected:
                bulk = Bulk(reader, writer, tables, _beyond(before, total, progress))
                await bulk.load(ledger, position, recorded)
        await finish(tables, (writer, reader))
        await analyze(tables, (writer, reader))
        before += expected
        progress(before, total)
    await _place(writer, schema, ledger, position)


def _beyond(before: int, total: int, progress: Progress) -> Callable[[int, int], None]:
    """What is told of the events of one kind of thing, as progress of them all."""
    return lambda done, _: progress(before + done, total)


async def _place(writer: Acquired, schema: str, ledger: str, position: int) -> None:
    """Say where the tables stand, and let the log end there for what is read straight from it."""
    await writer.execute(
        f"CREATE TABLE {schema}.positions ("
        'projection text COLLATE "C" PRIMARY KEY, ledger text COLLATE "C" NOT NULL, '
        "position bigint NOT NULL)"
    )
    await writer.execute(
        f"INSERT INTO {schema}.positions SELECT unnest($1::text[]), $2, $3",
        [projection.name for projection in PROJECTIONS],
        ledger,
        position,
    )
    whose = await writer.fetchval("SELECT quote_literal($1::text)", ledger)
    for name, held in BESIDE.items():
        await writer.execute(
            f"CREATE VIEW {schema}.{name} AS SELECT * FROM log.{name} "  # noqa: S608  quoted
            f"WHERE {held.format(ledger=whose, position=position)}"
        )


async def clear(connection: Acquired, slot: int) -> None:
    """Drop whatever the slot holds.

    Raises:
        asyncpg.LockNotAvailableError: it is being read; what is left is dropped another time.
    """
    schema = schema_of(slot)
    for name, is_view in await connection.fetch(RELATIONS, schema):
        async with connection.transaction():
            await connection.execute(f"SET LOCAL lock_timeout = {CLEAR_WAIT_MS}")
            await connection.execute(f'DROP {"VIEW" if is_view else "TABLE"} {schema}."{name}"')
