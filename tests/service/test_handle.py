"""The loop of every command: load, decide, append, and retry after a conflict."""

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from typing import Annotated, Any, ClassVar
from uuid import uuid4

import pytest
from eventsourcing.dcb.domain import Selector
from pydantic import Field

from domain.access.authority import Authority
from domain.access.callers import EVERY_UNIT, Caller
from domain.access.roles import Permission, Relation, Role
from domain.access.rule import Rule
from domain.kernel import (
    Actor,
    Command,
    Conflict,
    Context,
    EffectiveInTheFuture,
    Event,
    Parameters,
    Refusal,
)
from domain.values import ID_PATTERN, Line, Tag
from service.access.recorders import Recorders
from service.database.engine import Pool
from service.handle import CommandHandler
from service.log.codec import Codec
from service.log.events import Idempotency, IdempotencyKeyReused
from service.log.log import Log
from service.log.sealing import PersonKeys
from service.observability.metrics import Metrics
from service.requests import CommandRequest, Contended, VersionStale

BoardId = Annotated[str, Field(pattern=ID_PATTERN), Tag("board")]


class Pinned(Event):
    """A note is pinned to a board."""

    TYPE: ClassVar[str] = "test.pinned"

    board_id: BoardId
    text: Line


class Moved(Event):
    """The board hangs beside another one."""

    TYPE: ClassVar[str] = "test.moved"

    board_id: BoardId
    beside: Line


class BoardFull(Conflict):
    """The board holds {count} notes.

    Bảng có {count} ghi chú.
    """


class Note(Parameters):
    text: Line
    limit: int = 1000
    pins: int = 1


class Pin(Command[Note]):
    """Pins notes; sees the board, and the one beside it once it knows which."""

    REFUSALS: ClassVar[tuple[type[Refusal], ...]] = (BoardFull,)

    def __init__(self, context: Context, params: Note, board_id: str) -> None:
        super().__init__(context, params)
        self.board_id = board_id
        self.beside: str | None = None
        self.notes: list[str] = []

    def consistency_boundary(self) -> list[Selector]:
        boards = [self.board_id, *([self.beside] if self.beside else [])]
        return [Selector(types=[Pinned, Moved], tags=[f"board:{board}"]) for board in boards]

    def evolve(self, event: Event) -> None:
        match event:
            case Moved(board_id=self.board_id, beside=beside):
                self.beside = beside
            case Pinned(text=text):
                self.notes.append(text)

    def execute(self) -> None:
        if len(self.notes) >= self.params.limit:
            raise BoardFull(count=len(self.notes))
        for _ in range(self.params.pins):
            self.emit(
                Pinned(
                    effective_on=self.context.effective_on,
                    board_id=self.board_id,
                    text=self.params.text,
                )
            )


class Move(Pin):
    """Hangs the board beside another one."""

    def execute(self) -> None:
        self.emit(
            Moved(
                effective_on=self.context.effective_on,
                board_id=self.board_id,
                beside=self.params.text,
            )
        )


# A caller with the whole ledger, by a rule that lets such a one do this.
ANYBODY = Authority(
    "pin_note",
    Rule(permission=Permission.ACT, may={Role.AUTHORITY: frozenset({Relation.WHOLE_LEDGER})}),
    Caller(Role.AUTHORITY, units=frozenset({EVERY_UNIT})),
)
NIGHT_IN_LONDON = datetime(2021, 5, 31, 18, 30, tzinfo=UTC)


@pytest.fixture
async def log(pool: Pool) -> AsyncIterator[Log]:
    async with Log(pool) as log:
        yield log


@pytest.fixture
def handler(pool: Pool, log: Log) -> CommandHandler:
    return CommandHandler(
        log,
        Codec(PersonKeys(pool, bytes(32))),
        Metrics(),
        Recorders(pool),
        clock=lambda: NIGHT_IN_LONDON,
    )


def request(
    ledger: str,
    command: type[Command[Any]] = Pin,
    *,
    board: str = "hall",
    key: Idempotency | None = None,
    if_match: frozenset[str] | None = None,
    **params: object,
) -> CommandRequest:
    return CommandRequest(
        ledger=ledger,
        command=command,
        params=Note.model_validate({"text": "x", **params}),
        ids={"board_id": board},
        subject=f"board:{board}",
        actor=Actor("client:test"),
        authority=ANYBODY,
        correlation_id=uuid4(),
        idempotency=key,
        if_match=if_match,
    )


async def test_what_happens_is_recorded_in_one_piece(
    handler: CommandHandler, log: Log, ledger: str
) -> None:
    outcome = await handler.handle(request(ledger, pins=3))
    assert (outcome.position, outcome.types) == (3, ("test.pinned",) * 3)
    read = await log.read(ledger)
    assert [item.event.type for item in read.events] == list(outcome.types)
    assert {item.event.actor for item in read.events} == {"client:test"}
    assert {item.recorded_at for item in read.events} == {outcome.recorded_at}


async def test_the_day_is_vietnam_s(handler: CommandHandler, ledger: str) -> None:
    assert (await handler.handle(request(ledger))).effective_on == date(2021, 6, 1)
    with pytest.raises(EffectiveInTheFuture):
        await handler.handle(request(ledger, effective_on=date(2021, 6, 2)))


async def test_where_nothing_is_to_do_nothing_is_recorded(
    handler: CommandHandler, log: Log, ledger: str
) -> None:
    await handler.handle(request(ledger))
    outcome = await handler.handle(request(ledger, pins=0))
    assert (outcome.position, outcome.types, outcome.recorded_at) == (1, (), None)
    assert await log.head(ledger) == 1


async def test_a_refusal_records_nothing(handler: CommandHandler, log: Log, ledger: str) -> None:
    await handler.handle(request(ledger))
    with pytest.raises(BoardFull):
        await handler.handle(request(ledger, limit=1))
    assert await log.head(ledger) == 1


async def test_what_a_command_sees_only_later_counts_as_well(
    handler: CommandHandler, ledger: str
) -> None:
    for _ in range(2):
        await handler.handle(request(ledger, board="gate"))
    await handler.handle(request(ledger, Move, text="gate"))
    with pytest.raises(BoardFull):
        await handler.handle(request(ledger, limit=2))


async def test_a_crowd_is_served_one_by_one(handler: CommandHandler, log: Log, ledger: str) -> None:
    outcomes = await asyncio.gather(*(handler.handle(request(ledger)) for _ in range(30)))
    assert sorted(outcome.position for outcome in outcomes) == list(range(1, 31))
    assert await log.head(ledger) == 30


async def test_a_crowd_at_two_processes_is_served_too(
    pool: Pool, handler: CommandHandler, log: Log, ledger: str
) -> None:
    """Each process lines up its own only; they take turns in getting ahead of each other."""
    async with Log(pool) as other_log:
        other = CommandHandler(
            other_log,
            Codec(PersonKeys(pool, bytes(32))),
            Metrics(),
            Recorders(pool),
            clock=lambda: NIGHT_IN_LONDON,
        )
        await asyncio.gather(
            *(by.handle(request(ledger)) for _ in range(20) for by in (handler, other))
        )
    assert await log.head(ledger) == 40


async def test_of_a_crowd_no_more_succeed_than_may(
    handler: CommandHandler, log: Log, ledger: str
) -> None:
    replies = await asyncio.gather(
        *(handler.handle(request(ledger, limit=4)) for _ in range(20)), return_exceptions=True
    )
    assert sum(isinstance(reply, BoardFull) for reply in replies) == 16
    assert await log.head(ledger) == 4


async def test_on_two_boards_side_by_side_no_more_than_may_be_pinned(
    handler: CommandHandler, log: Log, ledger: str
) -> None:
    await handler.handle(request(ledger, Move, board="hall", text="gate"))
    await handler.handle(request(ledger, Move, board="gate", text="hall"))
    replies = await asyncio.gather(
        *(handler.handle(request(ledger, board=board, limit=3)) for board in ("hall", "gate") * 6),
        return_exceptions=True,
    )
    assert sum(isinstance(reply, BoardFull | Contended) for reply in replies) >= 9
    assert await log.head(ledger) == 2 + 3


async def test_a_version_that_moved_on_meanwhile_is_stale(
    handler: CommandHandler, ledger: str
) -> None:
    first = await handler.handle(request(ledger))
    known = frozenset({f'"{first.position}"'})
    replies = await asyncio.gather(
        *(handler.handle(request(ledger, if_match=known)) for _ in range(8)), return_exceptions=True
    )
    assert sum(isinstance(reply, VersionStale) for reply in replies) == 7


async def test_a_request_sent_many_times_at_once_is_carried_out_once(
    handler: CommandHandler, log: Log, ledger: str
) -> None:
    key = Idempotency("client", "once", b"digest")
    outcomes = await asyncio.gather(
        *(handler.handle(request(ledger, key=key, pins=2)) for _ in range(10))
    )
    assert sum(not outcome.replayed for outcome in outcomes) == 1
    assert {(outcome.position, outcome.types, outcome.recorded_at) for outcome in outcomes} == {
        (2, ("test.pinned",) * 2, outcomes[0].recorded_at)
    }
    assert await log.head(ledger) == 2
    with pytest.raises(IdempotencyKeyReused):
        await handler.handle(request(ledger, key=Idempotency("client", "once", b"other")))
