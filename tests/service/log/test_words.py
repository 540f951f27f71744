"""Words: tags and types stand in the database once; what was recorded before is found as it was."""

from collections.abc import AsyncIterator

import asyncpg
import pytest
from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery, DCBQueryItem

from service.database.engine import create_pool
from service.database.migrate import migrate
from service.log.events import AppendConditionFailed, LogEvent
from service.log.log import Log
from tests.databases import database_before

WORDS = "0031"
LEDGERS = ("a", "b")
TAGS = ["task:1", "unit:1", "t.one"]  # the last is the name of a type, too
RECORDED = """
INSERT INTO log.events (
    ledger, position, event_id, type, schema_version, recorded_at, effective_on, actor, tags, data
) VALUES ($1, $2, gen_random_uuid(), $3, 1, now(), current_date, 'x', $4, '{}')
"""
TAGGED = "SELECT ledger, tag, position::bigint, type FROM log.event_tags ORDER BY 1, 2, 3"


@pytest.fixture
async def older_url(server_url: str, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[str]:
    """Two ledgers with the same tags, as they were before words had numbers."""
    async with database_before(server_url, WORDS, monkeypatch) as url:
        owner = await asyncpg.connect(url)
        for ledger in LEDGERS:
            await owner.execute("INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)", ledger)
            for position, kind in enumerate(("t.one", "t.two"), 1):
                await owner.execute(RECORDED, ledger, position, kind, TAGS[: position + 1])
        await owner.execute(
            "INSERT INTO log.event_tags (ledger, tag, position, type) "
            "SELECT ledger, tag, position, type FROM log.events, unnest(tags) tag"
        )
        await owner.execute("CREATE VIEW of_a_snapshot AS SELECT * FROM log.event_tags")
        await owner.close()
        yield url


def by(*tags: str, types: tuple[str, ...] = ()) -> DCBQuery:
    return DCBQuery(items=[DCBQueryItem(tags=[*tags], types=[*types])])


async def positions(log: Log, ledger: str, query: DCBQuery) -> list[int]:
    return [event.position for event in (await log.read(ledger, query)).events]


async def test_every_tag_is_moved_and_the_log_goes_on(older_url: str) -> None:
    owner = await asyncpg.connect(older_url)
    before = await owner.fetch(TAGGED)
    await migrate(older_url)
    assert await owner.fetch(TAGGED) == before
    await owner.close()
    async with await create_pool(older_url, size=2) as pool, Log(pool) as log:
        await log.append("a", [LogEvent("t.three", b"{}", ["task:1", "task:2"])])
        assert await positions(log, "a", by("task:1")) == [1, 2, 3]
        assert await positions(log, "b", by("task:1")) == [1, 2]
        assert await positions(log, "a", by("task:1", types=("t.two", "t.three"))) == [2, 3]
        assert await positions(log, "a", by("t.one", "unit:1")) == [2]
        assert await positions(log, "a", by("task:1", "never")) == []
        assert await positions(log, "a", by("task:1", types=("never",))) == []
        assert await positions(log, "b", by(types=("t.two",))) == [2]
        assert await positions(log, "b", by(types=("t.three",))) == []


async def test_words_that_share_a_number_are_told_apart(older_url: str) -> None:
    await migrate(older_url)
    owner = await asyncpg.connect(older_url)
    await owner.execute(
        "CREATE OR REPLACE FUNCTION log.digest(in_ledger text, in_word text) RETURNS bigint "
        "LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS 'SELECT 7::bigint'"
    )
    await owner.execute("REINDEX TABLE log.events")
    await owner.close()
    async with await create_pool(older_url, size=2) as pool, Log(pool) as log:
        for ledger in LEDGERS:
            assert await positions(log, ledger, by(types=("t.one",))) == [1]
            assert await positions(log, ledger, by(types=("t.two", "never"))) == [2]
        boundary = await log.boundary("a", by("task:1"), occurring="never")
        assert not boundary.occurs
        await log.append(
            "a",
            [LogEvent("t.three", b"{}", [])],
            DCBAppendCondition(fail_if_events_match=by(types=("t.one",)), after=1),
        )
        with pytest.raises(AppendConditionFailed):
            await log.append(
                "a",
                [LogEvent("t.three", b"{}", [])],
                DCBAppendCondition(fail_if_events_match=by(types=("t.two",)), after=1),
            )
