"""A log to measure on: the lives of many tasks, interleaved, written straight into the tables."""

import random
from collections.abc import Iterable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
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
RECORDED_AT = datetime(2021, 1, 4, tzinfo=UTC)
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


async def store(connection: Acquired | Connection, ledger: str, events: Iterable[Event]) -> int:
    """The events as a new ledger, written as the owner of the tables; how many these are."""
    await connection.execute("INSERT INTO log.ledgers (ledger, name) VALUES ($1, $1)", ledger)
    rows: list[tuple[object, ...]] = []
    tags: list[tuple[object, ...]] = []
    for position, event in enumerate(events, 1):
        own = event.tags()
        data = canonical(event.model_dump(mode="json"))
        rows.append(
            (ledger, position, UUID(int=position), event.TYPE, event.VERSION, RECORDED_AT,
             event.effective_on, "client:bench", own, data)
        )  # fmt: skip
        tags += [(ledger, tag, position, event.TYPE) for tag in own]
    columns = "ledger position event_id type schema_version recorded_at effective_on actor tags"
    await connection.copy_records_to_table(
        "events", schema_name="log", records=rows, columns=[*columns.split(), "data"]
    )
    await connection.copy_records_to_table(
        "event_tags", schema_name="log", records=tags, columns=["ledger", "tag", "position", "type"]
    )
    await connection.execute("ANALYZE log.events, log.event_tags")
    return len(rows)
