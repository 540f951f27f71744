"""Reading and following: boundaries of one instant, pages in order, and prompt wake-ups."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from eventsourcing.dcb.api import DCBQuery, DCBQueryItem

from service.database.engine import Pool, create_pool
from service.log import growth
from service.log.events import (
    Idempotency,
    IdempotencyKeyReused,
    LedgerExists,
    LedgerUnknown,
    LogEvent,
    Selected,
)
from service.log.log import Log
from tests.service.listened import until_waited_for


@pytest.fixture
async def log(pool: Pool) -> AsyncIterator[Log]:
    async with Log(pool) as log:
        yield log


def event(*tags: str, kind: str = "t") -> LogEvent:
    return LogEvent(kind, b"{}", list(tags))


def tagged(*tags: str, types: tuple[str, ...] = ()) -> DCBQuery:
    return DCBQuery([DCBQueryItem([*types], [*tags])])


async def test_a_boundary_is_the_matching_events_and_the_head(log: Log, ledger: str) -> None:
    await log.append(ledger, [event("a", "b"), event("c"), event("b"), event("b", kind="u")])
    boundary = await log.boundary(ledger, tagged("b", types=("t",)))
    assert [(each.position, each.type, each.tags) for each in boundary.events] == [
        (1, "t", ["a", "b"]),
        (3, "t", ["b"]),
    ]
    assert (boundary.head, boundary.replay) == (4, None)
    assert [
        each.position for each in (await log.boundary(ledger, tagged("b"), after=1)).events
    ] == [
        3,
        4,
    ]


async def test_what_is_selected_is_what_matches_up_to_a_position(log: Log, ledger: str) -> None:
    kinds = ("t", "u", "v")
    tags: tuple[list[str], ...] = (["a"], ["b"], ["a", "b"], ["c"], ["b", "c"], [])
    await log.append(
        ledger, [event(*tags[at % len(tags)], kind=kinds[at % 4 % 3]) for at in range(36)]
    )
    # Of one tag, with the same types, others and none that ever were; of several; of types alone.
    items = [
        DCBQueryItem(["t", "never"], ["a"]),
        DCBQueryItem(["t", "never"], ["c"]),
        DCBQueryItem(["t", "never"], ["a"]),
        DCBQueryItem(["u"], ["c"]),
        DCBQueryItem(["never"], ["b"]),
        DCBQueryItem(["t"], ["nobody"]),
        DCBQueryItem(["u"], ["b", "a"]),
        DCBQueryItem([], ["c", "b"]),
        DCBQueryItem(["v"], []),
    ]
    for some in (items, items[:3], items[4:6], items[6:]):
        for until in (None, 0, 20, 36):
            found = await log.selected(ledger, DCBQuery(some), until)
            matching = (await log.read(ledger, DCBQuery(some))).events
            expected = [one for one in matching if until is None or one.position <= until]
            assert found == Selected(
                [one.position for one in expected],
                [one.event.type for one in expected],
                [one.event.schema_version for one in expected],
                [one.event.data for one in expected],
            )


async def test_what_is_selected_is_of_one_ledger(log: Log, ledger: str) -> None:
    await log.create_ledger(f"{ledger}-2", "")
    await log.append(f"{ledger}-2", [event("a"), event("b")])
    await log.append(ledger, [event("a")])
    found = await log.selected(ledger, tagged("a", types=("t",)))
    assert found.positions == [1]
    assert (await log.selected(ledger, tagged("b", types=("t",)))).positions == []


async def test_a_boundary_tells_whether_events_of_a_type_were_ever_recorded(
    log: Log, ledger: str
) -> None:
    assert not (await log.boundary(ledger, tagged("a"), occurring="u")).occurs
    await log.append(ledger, [event("b", kind="t"), event("b", kind="v")])
    assert not (await log.boundary(ledger, tagged("a"), occurring="u")).occurs
    await log.append(ledger, [event("b", kind="u")])
    assert (await log.boundary(ledger, tagged("a"), occurring="u")).occurs
    assert not (await log.boundary(ledger, tagged("a"))).occurs


async def test_of_what_begins_a_thing_a_boundary_has_the_first_event_only(
    log: Log, ledger: str
) -> None:
    first = event("a", kind="founded")
    await log.append(ledger, [event("a", kind="named"), first, event("b", "a", kind="founded")])
    begins = [DCBQueryItem(["founded"], ["a"]), DCBQueryItem(["founded"], ["nowhere"])]
    boundary = await log.boundary(ledger, DCBQuery(), beginnings=begins)
    assert [each.position for each in boundary.events] == [2]
    boundary = await log.boundary(ledger, tagged("a", types=("named",)), beginnings=begins)
    assert [each.position for each in boundary.events] == [1, 2]


async def test_a_boundary_without_events_still_has_its_head(log: Log, ledger: str) -> None:
    assert (await log.boundary(ledger, tagged("a")))[:3] == ([], 0, None)
    await log.append(ledger, [event("b")])
    assert (await log.boundary(ledger, tagged("a")))[:3] == ([], 1, None)


async def test_a_boundary_gives_the_reply_of_a_request_that_came_before(
    log: Log, ledger: str
) -> None:
    key = Idempotency("client", "key", b"digest")
    await log.append(ledger, [event("a")], idempotency=key, reply=b"reply")
    replay = (await log.boundary(ledger, tagged("a"), idempotency=key)).replay
    assert replay is not None
    assert (replay.first_position, replay.reply, replay.replayed) == (1, b"reply", True)
    with pytest.raises(IdempotencyKeyReused):
        await log.boundary(ledger, tagged("a"), idempotency=Idempotency("client", "key", b"other"))


async def test_pages_of_a_query_are_in_order_and_lose_nothing(log: Log, ledger: str) -> None:
    await log.append(ledger, [event(f"n:{n % 3}", kind=f"t{n % 2}") for n in range(30)])
    query = DCBQuery([DCBQueryItem(["t1"], []), DCBQueryItem([], ["n:0"])])
    expected = [n + 1 for n in range(30) if n % 2 == 1 or n % 3 == 0]
    read: list[int] = []
    while (page := await log.read(ledger, query, after=read[-1] if read else 0, limit=4)).events:
        assert page.head == page.events[-1].position
        read += [each.position for each in page.events]
    assert read == expected
    assert [each.position for each in (await log.read(ledger, query)).events] == expected


async def test_an_unknown_ledger_has_nothing_to_read(log: Log) -> None:
    for reading in (
        log.head("nowhere"),
        log.read("nowhere"),
        log.read("nowhere", tagged("a")),
        log.boundary("nowhere", tagged("a")),
        log.wait_beyond("nowhere", 0, 1),
        anext(log.subscribe("nowhere", after=0)),
    ):
        with pytest.raises(LedgerUnknown) as refusal:
            await reading
        assert refusal.value.detail("vi") == "Không tìm thấy sổ “nowhere”."


async def test_a_ledger_is_opened_once(log: Log, ledger: str) -> None:
    await log.create_ledger(f"{ledger}.new", "Tỉnh mới")
    with pytest.raises(LedgerExists):
        await log.create_ledger(f"{ledger}.new", "Tỉnh khác")
    names = {each.ledger: each.name for each in await log.ledgers()}
    assert names[f"{ledger}.new"] == "Tỉnh mới"


async def test_who_follows_the_log_sees_what_another_process_appends(
    database_url: str, pool: Pool, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(growth, "POLL_S", 60.0)  # only a wake-up can come in time
    async with (
        await create_pool(database_url, size=2) as elsewhere,
        Log(elsewhere) as other,
        Log(pool) as log,
        asyncio.timeout(60),
    ):
        pages = log.subscribe(ledger, tagged("b"), after=0)
        await other.append(ledger, [event("a"), event("b")])
        assert [each.position for each in await anext(pages)] == [2]
        waiting = asyncio.ensure_future(anext(pages))
        await until_waited_for(log, ledger)
        assert not waiting.done()
        await other.append(ledger, [event("a")])
        await other.append(ledger, [event("b")])
        assert [each.position for each in await waiting] == [4]


async def test_who_follows_the_log_goes_on_after_its_connection_was_lost(
    pool: Pool, owner_pool: Pool, database_url: str, ledger: str
) -> None:
    # Connections that lie in other pools may have listened before, and shall not be lost.
    others = [row["pid"] for row in await owner_pool.fetch("SELECT pid FROM pg_stat_activity")]
    async with await create_pool(database_url, size=2) as own, Log(own) as log:
        async with asyncio.timeout(60):
            pages = log.subscribe(ledger, after=0)
            await log.append(ledger, [event()])
            assert [each.position for each in await anext(pages)] == [1]
            waiting = asyncio.ensure_future(anext(pages))
            listening = (
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE query ~ '^LISTEN' AND datname = current_database() AND pid <> ALL ($1)"
            )
            while not await owner_pool.fetch(listening, others):  # noqa: ASYNC110  others bring it about
                await asyncio.sleep(0.01)
            async with Log(pool) as other:
                await other.append(ledger, [event()])
            assert [each.position for each in await waiting] == [2]


async def test_waiting_for_the_log_to_grow_ends_with_it_or_with_patience(
    log: Log, ledger: str
) -> None:
    assert await log.wait_beyond(ledger, 0, timeout=0.05) == 0
    waiting = asyncio.create_task(log.wait_beyond(ledger, 0, timeout=60))
    await until_waited_for(log, ledger)
    await log.append(ledger, [event()])
    assert await waiting == 1
    assert await log.wait_beyond(ledger, 0, timeout=60) == 1
