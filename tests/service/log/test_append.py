"""Appending: positions, conditions, idempotency keys, and an outcome for each caller."""

import asyncio
from collections.abc import AsyncIterator
from datetime import date
from secrets import token_hex
from uuid import UUID

import asyncpg
import pytest
from eventsourcing.dcb.api import DCBAppendCondition, DCBQuery, DCBQueryItem

from service.database.engine import Pool
from service.log import append
from service.log.events import (
    AppendConditionFailed,
    Appended,
    Idempotency,
    IdempotencyKeyReused,
    LedgerUnknown,
    LogBusy,
    LogEvent,
    LogUnavailable,
    NotStorable,
    OutcomeUnknown,
    PositionTaken,
)
from service.log.log import Log
from tests.service.waiting_appends import until_one_waits

# As where an index is damaged: a position looks free, and is not.
TAKEN = """
CREATE FUNCTION taken() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE unique_violation; END $$;
CREATE TRIGGER taken BEFORE INSERT ON log.events FOR EACH ROW EXECUTE FUNCTION taken();
"""


@pytest.fixture
async def log(pool: Pool) -> AsyncIterator[Log]:
    async with Log(pool) as log:
        yield log


def event(*tags: str, kind: str = "task.registered") -> LogEvent:
    return LogEvent(kind, b"{}", list(tags))


def unless(*tags: str, types: tuple[str, ...] = (), after: int = 0) -> DCBAppendCondition:
    return DCBAppendCondition(DCBQuery([DCBQueryItem([*types], [*tags])]), after)


async def test_events_stand_at_contiguous_positions_from_one(log: Log, ledger: str) -> None:
    first = await log.append(ledger, [event("task:1"), event("task:2")])
    second = await log.append(ledger, [event("task:3")])
    assert (first.first_position, first.last_position) == (1, 2)
    assert (second.first_position, second.last_position) == (3, 3)
    assert second.recorded_at >= first.recorded_at


async def test_an_event_is_read_as_it_was_recorded(log: Log, ledger: str) -> None:
    event = LogEvent(
        "task.approved",
        '{"note":"Đồng ý"}'.encode(),
        ["task:1", "unit:yen-son"],
        schema_version=3,
        effective_on=date(2021, 5, 31),
        actor="official:bi-thu",
        on_behalf_of="ban-thuong-vu",
        basis={"number": "30-QĐ/TU", "issued_on": "2020-05-20"},
        correlation_id=UUID(int=1),
        causation_id=UUID(int=2),
    )
    outcome = await log.append(ledger, [event])
    [recorded] = (await log.read(ledger)).events
    assert recorded.event == event
    assert (recorded.position, recorded.recorded_at) == (1, outcome.recorded_at)


async def test_ledgers_count_for_themselves(log: Log, ledger: str) -> None:
    await log.create_ledger(f"{ledger}-2", "Another province")
    await log.append(ledger, [event("task:1")])
    other = await log.append(f"{ledger}-2", [event("task:1")], unless("task:1"))
    assert other.first_position == 1


async def test_a_condition_looks_only_beyond_its_position(log: Log, ledger: str) -> None:
    await log.append(ledger, [event("task:1")])
    await log.append(ledger, [event("task:1")], unless("task:1", after=1))
    with pytest.raises(AppendConditionFailed):
        await log.append(ledger, [event("task:1")], unless("task:1", after=1))
    assert await log.head(ledger) == 2


async def test_the_same_request_again_gives_the_stored_reply(log: Log, ledger: str) -> None:
    key = Idempotency("client", "key", b"digest")
    condition = unless("task:1")
    first = await log.append(
        ledger, [event("task:1"), event("task:1")], condition, idempotency=key, reply=b"reply"
    )
    again = await log.append(ledger, [event("task:1")], condition, idempotency=key, reply=b"no")
    assert again == Appended(1, 2, first.recorded_at, b"reply", replayed=True)
    assert await log.head(ledger) == 2


async def test_another_request_under_the_same_key_is_refused(log: Log, ledger: str) -> None:
    await log.append(ledger, [event()], idempotency=Idempotency("client", "key", b"digest"))
    with pytest.raises(IdempotencyKeyReused):
        await log.append(ledger, [event()], idempotency=Idempotency("client", "key", b"other"))
    other = await log.append(ledger, [event()], idempotency=Idempotency("other", "key", b"other"))
    assert other.first_position == 2


async def test_a_refused_request_leaves_its_key_unused(log: Log, ledger: str) -> None:
    key = Idempotency("client", "key", b"digest")
    await log.append(ledger, [event("task:1")])
    with pytest.raises(AppendConditionFailed):
        await log.append(ledger, [event("task:1")], unless("task:1"), idempotency=key)
    done = await log.append(ledger, [event("task:1")], unless("task:1", after=1), idempotency=key)
    assert not done.replayed


async def test_one_refusal_in_a_batch_does_not_touch_its_neighbours(log: Log, ledger: str) -> None:
    await log.append(
        ledger, [event("task:taken")], idempotency=Idempotency("client", "used", b"digest")
    )
    outcomes = await asyncio.gather(
        log.append(ledger, [event("task:1"), event("task:1")]),
        log.append(ledger, [event("task:taken")], unless("task:taken")),
        log.append(ledger, [event("nul\0")]),
        log.append(ledger, [event()], idempotency=Idempotency("client", "used", b"digest")),
        log.append(ledger, [event()], idempotency=Idempotency("client", "used", b"other")),
        log.append(ledger, [event("task:2")], idempotency=Idempotency("client", "new", b"digest")),
        log.append(ledger, [event(token_hex(5000))]),
        log.append(ledger, [event("task:4")]),
        return_exceptions=True,
    )
    written = [outcome for outcome in outcomes if isinstance(outcome, Appended)]
    assert [type(outcome) for outcome in outcomes] == [
        Appended,
        AppendConditionFailed,
        NotStorable,
        Appended,
        IdempotencyKeyReused,
        Appended,
        NotStorable,
        Appended,
    ]
    assert [(one.first_position, one.last_position) for one in written] == [
        (2, 3),
        (1, 1),
        (4, 4),
        (5, 5),
    ]
    assert [each.position for each in (await log.read(ledger)).events] == [1, 2, 3, 4, 5]


async def test_of_concurrent_requests_for_one_thing_one_is_granted(log: Log, ledger: str) -> None:
    outcomes = await asyncio.gather(
        *(log.append(ledger, [event("task:1")], unless("task:1")) for _ in range(50)),
        return_exceptions=True,
    )
    assert sum(isinstance(outcome, Appended) for outcome in outcomes) == 1
    assert sum(isinstance(outcome, AppendConditionFailed) for outcome in outcomes) == 49


async def test_a_request_sent_many_times_at_once_is_recorded_once(log: Log, ledger: str) -> None:
    key = Idempotency("client", "key", b"digest")
    outcomes = await asyncio.gather(
        *(log.append(ledger, [event()], idempotency=key) for _ in range(20))
    )
    assert sum(not outcome.replayed for outcome in outcomes) == 1
    assert {outcome.first_position for outcome in outcomes} == {1}
    assert await log.head(ledger) == 1


@pytest.mark.parametrize(
    ("condition", "refused"),
    [
        (unless("a", "b"), True),
        (unless("b", "a"), True),
        (unless("a", "c"), False),
        (unless("a", types=("t",)), True),
        (unless("a", types=("u", "v")), False),
        (unless(types=("u", "t")), True),
        (unless(types=("u",)), False),
        (unless(), True),
        (DCBAppendCondition(), True),
        (DCBAppendCondition(after=1), False),
        (DCBAppendCondition(DCBQuery([DCBQueryItem([], ["c"]), DCBQueryItem([], ["a"])])), True),
    ],
)
async def test_a_condition_means_the_same_within_a_batch_as_before_it(
    log: Log, ledger: str, condition: DCBAppendCondition, *, refused: bool
) -> None:
    await log.require_ledger(ledger)  # so that both go the same way, in order
    recorded, outcome = await asyncio.gather(
        log.append(ledger, [event("a", "b", kind="t")]),
        log.append(ledger, [event("z", kind="z")], condition),
        return_exceptions=True,
    )
    assert isinstance(recorded, Appended)
    assert isinstance(outcome, AppendConditionFailed if refused else Appended)


@pytest.mark.parametrize("tags", [[""], ["a", ""], ["a", "a"], ["a\x1fb"]])
async def test_tags_are_distinct_words(log: Log, ledger: str, tags: list[str]) -> None:
    with pytest.raises(NotStorable):
        await log.append(ledger, [event(*tags)])


async def test_an_append_records_something(log: Log, ledger: str) -> None:
    with pytest.raises(NotStorable):
        await log.append(ledger, [])


async def test_an_unknown_ledger_is_refused(log: Log) -> None:
    with pytest.raises(LedgerUnknown, match="nowhere"):
        await log.append("nowhere", [event()])


async def test_a_caller_that_goes_away_harms_nobody(log: Log, ledger: str) -> None:
    await log.append(ledger, [event()])
    gone = [asyncio.create_task(log.append(ledger, [event(f"gone:{n}")])) for n in range(10)]
    stays = [asyncio.create_task(log.append(ledger, [event(f"stays:{n}")])) for n in range(10)]
    await asyncio.sleep(0)
    for task in gone:
        task.cancel()
    positions = {(await task).first_position for task in stays}
    assert len(positions) == 10
    head = await log.head(ledger)
    assert [each.position for each in (await log.read(ledger)).events] == [*range(1, head + 1)]


async def test_a_full_queue_pushes_back(
    pool: Pool, ledger: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(append, "QUEUE_REQUESTS", 2)
    monkeypatch.setattr(append, "QUEUE_TIMEOUT_S", 0.05)
    async with pool.acquire() as holder, Log(pool) as log:
        await log.require_ledger(ledger)
        transaction = holder.transaction()
        await transaction.start()
        await holder.execute("SELECT log.ledger_lock($1)", ledger)
        waiting = [asyncio.create_task(log.append(ledger, [event()])) for _ in range(2)]
        await asyncio.sleep(0.02)
        with pytest.raises(LogBusy):
            await log.append(ledger, [event()])
        await transaction.rollback()
        assert [(await task).first_position for task in waiting] == [1, 2]


async def test_a_closing_log_answers_those_it_took_in_and_nobody_else(
    pool: Pool, ledger: str
) -> None:
    log = Log(pool)
    await log.append(ledger, [event()])
    taken = [asyncio.create_task(log.append(ledger, [event()])) for _ in range(300)]
    await asyncio.sleep(0)
    await log.close()
    assert all(task.done() for task in taken)
    assert {task.result().first_position for task in taken} == {*range(2, 302)}
    with pytest.raises(LogUnavailable):
        await log.append(ledger, [event()])


async def test_a_lost_connection_is_told_to_its_callers_and_the_writer_goes_on(
    pool: Pool, owner_pool: Pool, ledger: str
) -> None:
    async with Log(pool) as log, owner_pool.acquire() as holder:
        await log.require_ledger(ledger)  # so that all three are in one batch
        transaction = holder.transaction()
        await transaction.start()
        await holder.execute("SELECT log.ledger_lock($1)", ledger)
        caught = [asyncio.create_task(log.append(ledger, [event()])) for _ in range(3)]
        attempt = await until_one_waits(owner_pool)
        await owner_pool.execute("SELECT pg_terminate_backend($1)", attempt.pid)
        for task in caught:
            with pytest.raises(OutcomeUnknown):
                await task
        await transaction.rollback()
        assert (await log.append(ledger, [event()])).first_position == 1


async def test_a_position_that_is_taken_is_the_fault_of_the_log_and_of_no_caller(
    own_url: str, own_log: Log
) -> None:
    await own_log.create_ledger("taken", "Taken")
    owner = await asyncpg.connect(own_url)
    await owner.execute(TAKEN)
    appending = (own_log.append("taken", [event()]) for _ in range(3))
    refused = await asyncio.gather(*appending, return_exceptions=True)
    assert {type(error) for error in refused} == {PositionTaken}
    await owner.execute("DROP FUNCTION taken CASCADE")
    await owner.close()
    assert (await own_log.append("taken", [event()])).first_position == 1
