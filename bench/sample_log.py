"""A log to measure on: the lives of many tasks, interleaved, written straight into the tables."""

import json
import random
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from itertools import islice
from typing import TypeAlias
from uuid import UUID

from domain.kernel import Event
from domain.tasks.events import (
    CompletionClaimed,
    CompletionConfirmed,
    PlanStep,
    PlanSubmitted,
    ProgressReported,
    TaskApproved,
    TaskAssigned,
    TaskRegistered,
)
from domain.tasks.proposal import Evidence, Indicator, IndicatorValue, Milestone, Proposal
from domain.tasks.term import Year
from service.database.engine import Acquired, Connection
from service.log.codec import canonical

FIRST_DAY = date(2021, 1, 4)
AT_ONCE = 500
EVENTS_PER_LIFE = 8
# So many events are in memory while they are written.
AT_A_TIME = 50_000
# As `log.append` does it.
TAGGED = """
WITH numbered AS MATERIALIZED (
    SELECT position, type, tag FROM log.events, unnest(tags) AS tag
    WHERE ledger = $1 AND position >= $2
), made AS (
    INSERT INTO log.words (ledger, word)
    SELECT $1, word FROM (
        SELECT tag AS word, position FROM numbered UNION ALL SELECT type, position FROM numbered
    ) used
    WHERE NOT EXISTS (SELECT FROM log.words w WHERE w.ledger = $1 AND w.word = used.word)
    GROUP BY word ORDER BY min(position)
    RETURNING id, word
), known AS (
    SELECT id, word FROM made UNION ALL SELECT id, word FROM log.words WHERE ledger = $1
)
INSERT INTO log.tagged (tag, position, type)
SELECT tag.id, n.position, type.id
FROM numbered n JOIN known tag ON tag.word = n.tag JOIN known type ON type.word = n.type
ORDER BY n.position
"""
# By whom, in whose name, on which basis, for which request and by which token.
Circumstances: TypeAlias = tuple[str, str | None, str | None, UUID | None, str | None]
UNKNOWN: Circumstances = ("client:bench", None, None, None, None)
EVIDENCE = Evidence(title="Biên bản nghiệm thu", sha256="0" * 64, address="https://example.vn/1")
PROPOSAL = Proposal(
    title="Chấm dứt hoạt động của các lò gạch thủ công trên địa bàn",
    goal="Vận động, hỗ trợ các hộ tháo dỡ toàn bộ lò gạch thủ công, chuyển đổi nghề cho lao động.",
    indicators=(
        Indicator(code="kilns", name="Lò gạch đã tháo dỡ", target=Decimal(98), measure="lò"),
    ),
    roadmap=(Milestone(title="Vận động 50 hộ", due_on=date(2021, 6, 30)),),
    kinds=("hard", "backlog"),
    field="construction",
    term=Year(kind="year", year=2021),
)


def life(number: int, events: int = EVENTS_PER_LIFE) -> list[Event]:
    """The events of one task, from its registration on; at most `EVENTS_PER_LIFE`."""
    start = FIRST_DAY + timedelta(days=number % 100)
    who = {
        "task_id": f"task-{number}",
        "official_id": f"official-{number % 600}",
        "post_id": f"post-{number % 600}",
        "unit_id": f"unit-{number % 40}",
    }

    def on(days: int) -> date:
        return start + timedelta(days=days)

    def report(days: int, actual: int) -> ProgressReported:
        return ProgressReported(
            effective_on=on(days),
            narrative="Đã vận động thêm được một số hộ, hỗ trợ 5 triệu đồng/lò.",
            share_percent=Decimal(actual),
            values=(IndicatorValue(code="kilns", actual=Decimal(actual)),),
            **who,
        )

    events_of_life: list[Event] = [
        TaskRegistered(
            effective_on=on(0),
            managed_by="standing-committee",
            registered_by=f"official:{who['official_id']}",
            proposal=PROPOSAL,
            **who,
        ),
        TaskApproved(effective_on=on(7), approved_by="standing-committee", **who),
        TaskAssigned(
            effective_on=on(14),
            assigned_by="standing-committee",
            addressed_to="post",
            coordinators=("department-1",),
            due_on=date(2021, 12, 31) + timedelta(days=number % 365),
            **who,
        ),
        report(60, 20),
        PlanSubmitted(
            effective_on=on(80),
            revision=1,
            summary="Vận động, hỗ trợ, cưỡng chế nếu cần.",
            steps=(PlanStep(title="Vận động", due_on=on(100), performed_by="UBND các xã"),),
            **who,
        ),
        report(100, 60),
        CompletionClaimed(
            effective_on=on(200),
            claimed_by=f"official:{who['official_id']}",
            summary="Đã tháo dỡ toàn bộ.",
            values=(IndicatorValue(code="kilns", actual=Decimal(98)),),
            evidence=(EVIDENCE,),
            **who,
        ),
        CompletionConfirmed(
            effective_on=on(210), confirmed_by="standing-committee", completed_on=on(200), **who
        ),
    ]
    return events_of_life[:events]


def interleaved(tasks: int, events: int = EVENTS_PER_LIFE) -> Iterator[Event]:
    """Lives of many tasks, `AT_ONCE` under way at any time; the same in every run."""
    chance = random.Random(2021)  # noqa: S311  a sample, not a secret
    under_way: list[Iterator[Event]] = []
    waiting = iter(range(tasks))
    while True:
        while len(under_way) < AT_ONCE and (number := next(waiting, None)) is not None:
            under_way.append(iter(life(number, events)))
        if not under_way:
            return
        index = chance.randrange(len(under_way))
        event = next(under_way[index], None)
        if event is None:
            under_way[index] = under_way[-1]
            under_way.pop()
        else:
            yield event


async def write(
    connection: Acquired | Connection, ledger: str, tasks: int, events: int = EVENTS_PER_LIFE
) -> int:
    """Fill a new ledger as the owner of the tables; how many events that is."""
    return await store(connection, ledger, interleaved(tasks, events))


async def store(
    connection: Acquired | Connection,
    ledger: str,
    events: Iterable[Event],
    *,
    in_full: bool = False,
) -> int:
    """The events as a new ledger, written as the owner of the tables; how many these are.

    Args:
        connection: the owner's.
        ledger: that is not there yet.
        events: in order.
        in_full: whether they name who recorded them, in whose name, by which document and token.
    """
    await connection.execute("INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)", ledger)
    numbered = enumerate(events, 1)
    last, today = 0, FIRST_DAY
    while piece := list(islice(numbered, AT_A_TIME)):
        today = await _copy(connection, ledger, piece, today, in_full=in_full)
        last, _ = piece[-1]
    await connection.execute("ANALYZE log.events, log.tagged, log.words")
    return last


def _circumstances(position: int) -> Circumstances:
    official = position % 600
    number = f"{position % 9_000}-QĐ/TU"
    document = {"number": number, "issued_on": "2021-01-04", "issued_by": "unit-1"}
    return (
        f"official:official-{official}",
        f"unit-{position % 40}" if position % 2 else None,
        None if position % 4 else json.dumps(document),
        UUID(int=2**122 + position * 2**40),
        f"{official:016x}",
    )


async def _copy(
    connection: Acquired | Connection,
    ledger: str,
    events: Sequence[tuple[int, Event]],
    today: date,
    *,
    in_full: bool,
) -> date:
    """Record them, none ahead of its day; the day on which the last is recorded."""
    rows: list[tuple[object, ...]] = []
    for position, event in events:
        own = event.tags()
        data = canonical(event.model_dump(mode="json"))
        today = max(today, event.effective_on)
        recorded_at = datetime(today.year, today.month, today.day, 9, tzinfo=UTC)
        rows.append(
            (ledger, position, UUID(int=position), event.TYPE, event.VERSION, recorded_at,
             event.effective_on, own, data,
             *(_circumstances(position) if in_full else UNKNOWN))
        )  # fmt: skip
    columns = "ledger position event_id type schema_version recorded_at effective_on tags data"
    circumstances = "actor on_behalf_of basis correlation_id token_id"
    await connection.copy_records_to_table(
        "events",
        schema_name="log",
        records=rows,
        columns=[*columns.split(), *circumstances.split()],
    )
    await connection.execute(TAGGED, ledger, events[0][0])
    return today
