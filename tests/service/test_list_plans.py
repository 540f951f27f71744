"""List plans: a page is found by indexes, as of today and as of a past day."""

import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from typing import Any

import pytest
from sqlalchemy import BigInteger, Boolean, Column, Date, Integer, Numeric
from sqlalchemy.dialects.postgresql import ARRAY, JSONB, TSVECTOR

from projections import LISTINGS, PROJECTIONS
from projections.duties.board import DUTIES
from projections.inbox import inbox
from projections.inbox.inbox import READ_INBOX
from projections.inbox.of_tasks import TASK_MATTERS
from projections.listing import Listing, page
from projections.projection import SCHEMA, Projection
from projections.statement import Statement
from projections.tasks.standings import TASK_STANDINGS
from service.database.engine import LONGEST_KEPT, Acquired, Pool
from service.database.warm_pool import PLAN_AS_BEFORE, PLAN_ONCE
from service.read_models.rebuild import prepare
from service.read_models.tables import ReadTable

LEDGER = "grown"
ROWS = 16_000
# A page's own rows, and those of one unit or official, may be sorted.
FEW = 4_000
TODAY, PAST = date(2026, 1, 1), date(2020, 6, 1)
# By these most readers narrow a list; each leaves rows that an index finds.
MAIN_FILTERS = {
    "active-tasks": ("unit", "official", "post", "field"),
    "tasks": ("unit", "official"),
    "task-states": ("unit", "official", "field"),
    "completion-rates": ("unit", "official", "field"),
    "tenures": ("official",),
    "three-clears": ("field",),
    "inbox": ("kind",),
    "duties": ("kind",),
}
# What these answer is of all there is.
READ_WHOLE = {
    "duty-trend": "what was due in the months asked about is counted",
    "loose-ends": "what hangs on anything that ended is sought among all that goes on",
    "visit-counts": "communes and officials are counted once each, among all visits",
}
# Whose inbox is read: a body with much waiting, into which others went; and papers due when.
OTHERS = {
    "whom": "awaits-7",
    "official": "official_id-7",
    "unit": "successor_id-7",
    "from_on": date(2019, 6, 1),
    "to_on": date(2020, 7, 1),
}
SPECIAL = {
    "state": "(ARRAY['in_progress', 'completed', 'claimed'])[n / 8 % 3 + 1]",
    "outcome": "(ARRAY['open', 'completed', 'cancelled'])[n / 8 % 3 + 1]",
    "to_on": "DATE '2016-01-01' + n % 3600 + 30",
    "words": "'w'::tsvector",
}


def value(projection: Projection, column: Column[Any]) -> str:
    """SQL of a column in row `n`: eight rows a thing, over ten years, the last of them open."""
    name, kind = column.name, column.type
    begins = "DATE '2016-01-01' + n / 8 % 3000 + 30 * (n % 8)"
    if name == projection.key[0]:
        return f"'{name}-' || n / 8"
    if name in {*projection.key[1:], projection.since} and not isinstance(kind, Date):
        return "n % 8 + 1" if isinstance(kind, Integer) else "'k' || n % 8"
    if name == projection.until:
        return f"CASE n % 8 WHEN 7 THEN 'infinity' ELSE {begins} + 30 END"
    if name == projection.since or name in projection.key:
        return begins
    kinds: Mapping[type[Any], str] = {
        ARRAY: "ARRAY['a' || n % 10]",
        JSONB: "'[]'::jsonb",
        TSVECTOR: "'w'::tsvector",
        Boolean: "n % 8 = 7",
        Date: "DATE '2016-01-01' + n % 3600",
        BigInteger: "n",
        Integer: "n % 100",
        Numeric: "n % 100",
    }
    plain = next((sql for of, sql in kinds.items() if isinstance(kind, of)), None)
    return SPECIAL.get(name) or plain or f"'{name}-' || n % 40"


async def grow(connection: Acquired, projection: Projection) -> set[str]:
    """Fill its table and what is kept beside it; the names of all that became big."""
    columns = [one for one in projection.table.columns if one.name != "ledger"]
    names = ", ".join(one.name for one in columns)
    values = ", ".join(value(projection, one) for one in columns)
    table = ReadTable(projection, SCHEMA)
    await connection.execute(
        f"INSERT INTO {table.name} (ledger, {names}) "  # noqa: S608  constants
        f"SELECT '{LEDGER}', {values} FROM generate_series(0, {ROWS - 1}) n"
    )
    for kept in table.kept:
        await kept.fill(connection)
    await connection.execute(
        f"ANALYZE {', '.join((table.name, *(one.name for one in table.kept)))}"
    )
    # Counts by day are what is read instead: they do not grow with what is counted.
    return {projection.name, *(one.name for one in projection.kept if not one.sums)}


def pages(listing: Listing) -> Iterator[tuple[str, Statement, dict[str, Any]]]:
    """The first page in the usual order, whole and by each main filter, on both days."""
    fields = listing.filters.model_fields
    by = next((fields[name].default for name in ("sort", "group_by") if name in fields), "")
    for day in (TODAY, PAST):
        for given in ((), *((name,) for name in MAIN_FILTERS.get(listing.name, ()))):
            statement = page(listing, frozenset(given), by=by, today=day == TODAY)
            known = {"ledger": LEDGER, "as_of": day, "today": TODAY, "limit": 50, "until": ROWS}
            owner = listing.owner.subject if listing.owner else ""
            named = {name: f"{name}_id-7" for name in (*given, owner) if name}
            yield f"{listing.name} {given} {day}", statement, OTHERS | known | named


def faults(plan: Mapping[str, Any], big: set[str]) -> Iterator[str]:
    """What of a plan reads or sorts a big table whole."""
    below = plan.get("Plans", ())
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] in big:
        yield f"reads all of {plan['Relation Name']}"
    if plan["Node Type"] == "Sort" and below[0]["Plan Rows"] > FEW:
        yield f"sorts {below[0]['Plan Rows']} rows"
    for one in below:
        yield from faults(one, big)


async def plan_of(
    connection: Acquired, statement: Statement, arguments: Sequence[object]
) -> Mapping[str, Any]:
    """By which plan the statement is answered: one that is made once, knows no arguments."""
    if statement.planned_once:
        await connection.execute(f"{PLAN_ONCE}; PREPARE once AS {statement.sql}")
        nothing = ", ".join(["NULL"] * len(arguments))
        found = await connection.fetchval(f"EXPLAIN (FORMAT JSON) EXECUTE once({nothing})")
        await connection.execute(f"{PLAN_AS_BEFORE}; DEALLOCATE once")
    else:
        found = await connection.fetchval(f"EXPLAIN (FORMAT JSON) {statement.sql}", *arguments)
    plan: Mapping[str, Any] = json.loads(found)[0]["Plan"]
    return plan


async def test_no_page_reads_or_sorts_a_big_table_whole(own_pool: Pool) -> None:
    found: dict[str, list[str]] = {}
    async with own_pool.acquire() as connection:
        big: set[str] = set()
        for projection in PROJECTIONS:
            await prepare(own_pool, projection)
            big |= await grow(connection, projection)
        for listing in LISTINGS:
            if listing.name in READ_WHOLE:
                continue
            for name, statement, params in pages(listing):
                assert len(statement.sql.encode()) <= LONGEST_KEPT
                arguments = statement.arguments({**statement.constants, **params})
                plan = await plan_of(connection, statement, arguments)
                if of := [*faults(plan, big)]:
                    found[name] = of
    assert not found, "\n".join(f"{name}: {', '.join(of)}" for name, of in found.items())


# What came upon rows of a table and of its indexes in the transaction.
ROWS_READ = """
SELECT sum(pg_stat_get_xact_tuples_returned(one.oid))::integer
FROM unnest($1::text[]) AS of (name)
JOIN LATERAL (
    SELECT ('read.' || of.name)::regclass::oid AS oid
    UNION ALL
    SELECT indexrelid FROM pg_index WHERE indrelid = ('read.' || of.name)::regclass
) one ON true
"""


async def rows_read(
    connection: Acquired, statement: Statement, given: Mapping[str, object], *tables: str
) -> int:
    """How many rows of these tables a page comes upon, by the plan that is made once."""
    async with connection.transaction():
        await connection.execute(PLAN_ONCE)
        before = await connection.fetchval(ROWS_READ, tables)
        await connection.fetch(statement.sql, *statement.arguments(given))
        after: int = await connection.fetchval(ROWS_READ, tables)
        await connection.execute(PLAN_AS_BEFORE)
    return after - int(before)


PAPER_DAYS = [date(2026, month, 25) for month in range(1, 12)]
# Reports that a body of forty asks for of its tasks, each month.
REGULATED: dict[str, object] = {
    "from_on": PAPER_DAYS[0],
    "to_on": PAPER_DAYS[-1],
    "task_papers": ["progress_report"] * len(PAPER_DAYS),
    "task_bodys": ["assigned_by-7"] * len(PAPER_DAYS),
    "task_periods": [f"{on:%Y-%m}" for on in PAPER_DAYS],
    "task_due_ons": PAPER_DAYS,
    "task_from_ons": [on.replace(day=1) for on in PAPER_DAYS],
    "task_to_ons": PAPER_DAYS,
    "task_cohortss": [""] * len(PAPER_DAYS),
}
AFTER = {"after_0": PAPER_DAYS[3], "after_1": "progress_report", "after_2": "task_id-900"}
# The tasks of a page, with all that each has been.
ONE_PAGE = 500
# What a reader asks for, how many rows of tasks are read at most, and whether there are any.
PAGES: Sequence[tuple[dict[str, object], float, bool]] = (
    ({}, ONE_PAGE, True),
    ({"state": "missing"}, ONE_PAGE, True),
    ({"state": "awaited"}, ONE_PAGE, True),
    # Nothing came after its day.
    ({"state": "late"}, 0, False),
    ({"kind": "plan"}, 0, False),
    ({"task": "task_id-15"}, ONE_PAGE, True),
    # All that one official ever led, and no more.
    ({"official": "official_id-7"}, ROWS / 40 * len(PAPER_DAYS) + ONE_PAGE, True),
    ({f"after_{at}": "" for at in range(3, 6)} | AFTER, ONE_PAGE, True),
)


async def test_of_what_a_regulation_asks_for_a_page_reads_no_more_tasks_than_it_shows(
    own_pool: Pool,
) -> None:
    async with own_pool.acquire() as connection:
        for projection in DUTIES.projections:
            await prepare(own_pool, projection)
        await grow(connection, TASK_STANDINGS)
        for asked, most, any_ in PAGES:
            filters = frozenset(asked.keys() & DUTIES.filters.model_fields.keys())
            statement = page(DUTIES, filters, continued="after_0" in asked, today=True)
            known = {"ledger": LEDGER, "as_of": date(2026, 9, 1), "today": TODAY, "limit": 20}
            given = {**statement.constants, **REGULATED, **known, **asked}
            read = await rows_read(connection, statement, given, "task_standings")
            assert read <= most, asked
            assert (read > 0) == any_, asked


WAITING, MOST_READ = 8_000, 1_000
# Nearly all that waits, today and on days before, awaits one body.
MATTERS = """
INSERT INTO read.task_matters (
    ledger, task_id, matter, kind, awaits, since_on, opened_position, from_on, to_on, open_until,
    position, lasting
)
SELECT
    $1, 'task_id-' || n, 1, 'claim',
    CASE n % 100 WHEN 0 THEN 'official:official_id-' || n % 40 ELSE 'unit:body' END,
    DATE '2016-01-01' + n / 10, n, DATE '2016-01-01' + n / 10,
    CASE n % 2 WHEN 0 THEN DATE 'infinity' ELSE DATE '2025-12-01' END, 'infinity', n, n % 2 = 0
FROM generate_series(1, $2::integer) n
"""


@pytest.mark.parametrize("day", [TODAY, date(2025, 6, 1)])
async def test_of_an_inbox_a_page_reads_no_more_than_it_shows(own_pool: Pool, day: date) -> None:
    """Whatever the plan that is made once expects of those whose inboxes are read."""
    async with own_pool.acquire() as connection:
        for projection in READ_INBOX.projections:
            await prepare(own_pool, projection)
        await connection.execute(MATTERS, LEDGER, WAITING)
        for kept in ReadTable(TASK_MATTERS, SCHEMA).kept:
            await kept.fill(connection)
        await grow(connection, TASK_STANDINGS)
        await connection.execute("ANALYZE")
        tables = "task_matters", "task_matters__closed", "task_standings"
        for narrowed in ({}, {"kind": "claim"}, {"kind": "claim", "overdue": False}):
            for whose in ("unit:body", "official:official_id-20"):
                params = READ_INBOX.filters.model_validate({"for": whose, **narrowed})
                statement = page(READ_INBOX, frozenset(narrowed), today=day == TODAY)
                known = {"ledger": LEDGER, "as_of": day, "today": TODAY, "limit": 20}
                given = {
                    **statement.constants,
                    **inbox.asked(params, day, None),
                    **known,
                    **narrowed,
                }
                read = await rows_read(connection, statement, given, *tables)
                assert 0 < read <= MOST_READ, (whose, narrowed)
