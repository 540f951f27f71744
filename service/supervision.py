"""Supervision: the background tasks of the process, kept at work whatever ends them.

A task that ends, by an error or by itself, is counted and started again, after a pause that grows
while it keeps ending. The log tells when it begins to fail, when it fails for another reason, and
when it works again. Only `stop` ends a task.
"""

import asyncio
import random
from abc import ABC, abstractmethod
from collections.abc import Awaitable, Callable
from contextlib import suppress
from time import monotonic
from typing import TypeAlias

import structlog

from service.database.outages import NOT_NOW

FIRST_PAUSE_SECONDS = 0.2
LONGEST_PAUSE_SECONDS = 5.0
# A task that fails so often in a row is a fault of the service.
FAILURES_ALLOWED = 2
# Work without rounds that goes on for so long is taken to work.
SETTLED_SECONDS = 10.0
# Jobs that other processes leave are looked for so often.
JOB_POLL_SECONDS = 2.0
# How long all tasks together may take to end, and when they are told again.
STOP_SECONDS = 5.0
TOLD_TIMES = 2

# What a task does until it is stopped.
Work: TypeAlias = Callable[[], Awaitable[object]]
# One round of what is done over and over; true if there is more to do at once.
Round: TypeAlias = Callable[[], Awaitable[bool | None]]

log = structlog.get_logger()


class Supervised:
    """A background task that is started again whatever ends it. `Tasks` makes it.

    Attributes:
        name: as the log, the metrics and `/readyz/details` show it.
        failures: how often in a row it ended without having worked.
        restarts: how often it ended in all.
        error: what ended it last, while it has not worked since.
    """

    def __init__(
        self, name: str, work: Work, on_restart: Callable[[str], None], settled: float | None
    ) -> None:
        self.name = name
        self.failures = 0
        self.restarts = 0
        self.error: str | None = None
        self._work = work
        self._on_restart = on_restart
        self._settled = settled
        self._woken = asyncio.Event()
        self._attempted: asyncio.Task[BaseException | None] | None = None
        self._task = asyncio.create_task(self._supervise(), name=name)

    @property
    def fault(self) -> str | None:
        """What is wrong with it, if it is down or keeps failing."""
        if self._task.done():
            return "it has ended"
        if self.failures <= FAILURES_ALLOWED:
            return None
        return f"it failed {self.failures} times in a row: {self.error}"

    def works(self) -> None:
        """Tell that the work is going well: what failed before is over."""
        if self.failures:
            log.info("task_works_again", task=self.name, failures=self.failures)
        self.failures, self.error = 0, None

    def wake(self) -> None:
        """Begin the next round at once."""
        self._woken.set()

    async def rounds(self, round_: Round, pause_seconds: float) -> None:
        """Do one round after another, with a pause where there is nothing more to do."""
        while True:
            self._woken.clear()
            has_more = await round_()
            self.works()
            if not has_more:
                with suppress(TimeoutError):
                    async with asyncio.timeout(pause_seconds):
                        await self._woken.wait()

    async def stop(self) -> None:
        """End it for good. If it does not end within a set time, it is left behind."""
        self._task.cancel()
        await asyncio.wait({self._task})
        attempt = self._attempted
        for _ in range(TOLD_TIMES):
            if attempt is None or attempt.done():
                return
            attempt.cancel()
            await asyncio.wait({attempt}, timeout=STOP_SECONDS / TOLD_TIMES)
        log.error("task_does_not_end", task=self.name)

    async def _supervise(self) -> None:
        while True:
            began = monotonic()
            ended = await self._attempt()
            self._note(ended, monotonic() - began)
            pause = min(FIRST_PAUSE_SECONDS * 2 ** min(self.failures, 10), LONGEST_PAUSE_SECONDS)
            await asyncio.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311  jitter

    async def _attempt(self) -> BaseException | None:
        """Work in a task of its own, so that only a cancellation of this one is an order to end."""
        attempt = self._attempted = asyncio.create_task(_outcome(self._work), name=self.name)
        await asyncio.wait({attempt})
        return asyncio.CancelledError() if attempt.cancelled() else attempt.result()

    def _note(self, ended: BaseException | None, seconds: float) -> None:
        if self._settled is not None and seconds >= self._settled:
            self.works()
        before, self.error = self.error, "it ended" if ended is None else repr(ended)
        self.failures += 1
        self.restarts += 1
        self._on_restart(self.name)
        if _kind(before) == _kind(self.error):
            return
        if ended is None or isinstance(ended, NOT_NOW):
            log.warning("task_ended", task=self.name, error=self.error)
        else:
            log.error("task_ended", task=self.name, error=_kind(self.error), exc_info=ended)


class Tasks:
    """All background tasks of the process.

    Args:
        on_restart: called with the name of a task whenever it ended and is started again.
    """

    def __init__(self, on_restart: Callable[[str], None] = lambda _: None) -> None:
        self._on_restart = on_restart
        self._tasks: dict[str, Supervised] = {}

    def start(self, name: str, work: Work) -> Supervised:
        """Do work that has no end of its own, such as to listen."""
        return self._keep(name, work, SETTLED_SECONDS)

    def repeat(self, name: str, round_: Round, pause_seconds: float) -> Supervised:
        """Do a round of work, again at once if it tells that there is more, else after a pause."""
        task: Supervised

        async def work() -> None:
            await task.rounds(round_, pause_seconds)

        task = self._keep(name, work, None)
        return task

    def faults(self) -> dict[str, str]:
        """What is wrong, by the name of the task."""
        found = {name: task.fault for name, task in self._tasks.items()}
        return {name: fault for name, fault in found.items() if fault is not None}

    def up(self) -> dict[str, bool]:
        """Whether each task works, as far as is known."""
        return {name: task.failures == 0 and not task.fault for name, task in self._tasks.items()}

    async def end(self, *tasks: Supervised) -> None:
        """End these tasks for good."""
        for task in tasks:
            self._tasks.pop(task.name, None)
        await asyncio.gather(*(task.stop() for task in tasks))

    async def stop(self) -> None:
        """End all tasks, within a set time even if one of them hangs."""
        await self.end(*self._tasks.values())

    def _keep(self, name: str, work: Work, settled: float | None) -> Supervised:
        if name in self._tasks:
            raise ValueError(f"there is a task {name} already")
        task = self._tasks[name] = Supervised(name, work, self._on_restart, settled)
        return task


class JobLoop(ABC):
    """Does the jobs that wait, a set number at once, as long as the process runs.

    Args:
        name: of its task.
        tasks: the process's background tasks.
        at_once: how many jobs are done at once; each has a task of its own.
    """

    def __init__(self, name: str, tasks: Tasks, at_once: int = 1) -> None:
        self._names = [name, *(f"{name} {number}" for number in range(2, at_once + 1))]
        self._tasks = tasks
        self._running: list[Supervised] = []

    @abstractmethod
    async def work_once(self) -> bool:
        """Do the next job; whether there was one."""

    def start(self) -> None:
        self._running = [
            self._tasks.repeat(name, self.work_once, JOB_POLL_SECONDS) for name in self._names
        ]

    async def stop(self) -> None:
        """Stop; the jobs in progress are cancelled."""
        await self._tasks.end(*self._running)
        self._running = []

    def wake(self) -> None:
        """Look for a job at once."""
        for task in self._running:
            task.wake()


async def _outcome(work: Work) -> BaseException | None:
    """What ended the work; SystemExit and the like would otherwise end the process."""
    try:
        await work()
    except GeneratorExit:
        raise
    except BaseException as ended:  # noqa: BLE001  whatever it is
        return ended
    return None


def _kind(error: str | None) -> str | None:
    return None if error is None else error.partition("(")[0]
