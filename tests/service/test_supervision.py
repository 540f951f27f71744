"""Supervision: whatever ends a background task, it is told, counted and started again."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from structlog.testing import capture_logs
from structlog.typing import EventDict

from service import supervision
from service.supervision import FAILURES_ALLOWED, Tasks

WAIT_S = 60


class Ended(BaseException):
    """Not an `Exception`."""


@pytest.fixture
async def tasks(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Tasks]:
    monkeypatch.setattr(supervision, "FIRST_PAUSE_SECONDS", 0.001)
    tasks = Tasks()
    yield tasks
    await tasks.stop()


def _of(task: str, lines: list[EventDict]) -> list[EventDict]:
    """What is told of a task of ours: a service of other tests may run in the same loop."""
    return [line for line in lines if line.get("task") == task]


async def _raise(error: BaseException) -> None:
    raise error


async def _cancel_itself() -> None:
    """As a library does whose own inner task was cancelled."""
    raise asyncio.CancelledError


ENDINGS: dict[str, Callable[[], Awaitable[None]]] = {
    "an error": lambda: _raise(RuntimeError("broken")),
    "a lost connection": lambda: _raise(ConnectionResetError()),
    "no exception at all": lambda: asyncio.sleep(0),
    "a cancellation that nobody ordered": _cancel_itself,
    "a BaseException": lambda: _raise(Ended()),
    "an order to exit": lambda: _raise(SystemExit(3)),
    "an interrupt": lambda: _raise(KeyboardInterrupt()),
}


@pytest.mark.parametrize("ending", list(ENDINGS))
async def test_whatever_ends_a_task_it_is_started_again(ending: str, tasks: Tasks) -> None:
    restarted: list[str] = []
    tasks = Tasks(restarted.append)
    works = asyncio.Event()
    times = 0

    async def work() -> None:
        nonlocal times
        times += 1
        if times <= FAILURES_ALLOWED + 1:
            await ENDINGS[ending]()
            return
        works.set()
        await asyncio.Event().wait()

    task = tasks.start("work", work)
    async with asyncio.timeout(WAIT_S):
        await works.wait()
    assert restarted == ["work"] * (FAILURES_ALLOWED + 1)
    assert task.restarts == FAILURES_ALLOWED + 1
    assert str(task.failures) in tasks.faults()["work"]
    assert tasks.up() == {"work": False}
    task.works()
    assert tasks.faults() == {}
    assert tasks.up() == {"work": True}
    await tasks.stop()


async def test_a_task_is_a_fault_once_it_failed_too_often_in_a_row(tasks: Tasks) -> None:
    fails, done = True, asyncio.Event()

    async def round_() -> None:
        if fails:
            raise RuntimeError("broken")
        done.set()

    tasks.repeat("rounds", round_, 0.001)
    async with asyncio.timeout(WAIT_S):
        while not tasks.faults():  # noqa: ASYNC110  no event tells
            await asyncio.sleep(0.001)
    assert "broken" in tasks.faults()["rounds"]
    fails = False
    async with asyncio.timeout(WAIT_S):
        await done.wait()
    await asyncio.sleep(0)
    assert tasks.faults() == {}


async def test_the_log_tells_of_changes_only(tasks: Tasks) -> None:
    errors: list[Exception] = [OSError(1, "a"), OSError(1, "a"), ValueError(), OSError(1, "a")]
    done = asyncio.Event()

    async def round_() -> None:
        if errors:
            raise errors.pop(0)
        done.set()

    with capture_logs() as lines:
        tasks.repeat("rounds", round_, 0.001)
        async with asyncio.timeout(WAIT_S):
            await done.wait()
        await asyncio.sleep(0)
    told = [
        (line["event"], line.get("error", "").partition("(")[0]) for line in _of("rounds", lines)
    ]
    assert told == [
        ("task_ended", "PermissionError"),
        ("task_ended", "ValueError"),
        ("task_ended", "PermissionError"),
        ("task_works_again", ""),
    ]


async def test_a_round_follows_at_once_while_there_is_more_and_when_it_is_woken(
    tasks: Tasks,
) -> None:
    left, idle = 3, asyncio.Event()

    async def round_() -> bool:
        nonlocal left
        left -= 1
        if left <= 0:
            idle.set()
        return left > 0

    task = tasks.repeat("rounds", round_, 3600)
    async with asyncio.timeout(WAIT_S):
        await idle.wait()
        await asyncio.sleep(0)
        idle.clear()
        task.wake()
        await idle.wait()
    assert left == -1


async def test_a_task_that_hangs_does_not_hold_up_the_end(
    tasks: Tasks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(supervision, "STOP_SECONDS", 0.05)
    begun, let_go = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        while not let_go.is_set():
            try:
                await let_go.wait()
            except asyncio.CancelledError:
                continue

    tasks.start("hangs", work)
    await begun.wait()
    with capture_logs() as lines:
        async with asyncio.timeout(WAIT_S):
            await tasks.stop()
    assert [line["event"] for line in _of("hangs", lines)] == ["task_does_not_end"]
    let_go.set()
