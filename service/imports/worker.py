"""Working: one task of the process takes in the files that wait, as long as the service runs."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

import structlog

from service.access.tokens import Principal, Tokens
from service.handle import CommandHandler
from service.imports.entering import enter, is_resumable
from service.imports.file_kinds import KINDS
from service.imports.findings import FileUnusable, Finding, Words
from service.imports.jobs import Claimed, Jobs, LeaseLost
from service.imports.row_importer import Importer, Taken
from service.imports.sheets import open_sheet
from service.log.events import LogBusy, LogUnavailable, OutcomeUnknown
from service.read_models.advance import PASSING

POLL_SECONDS = 2.0
# How far a crash can set back what is shown; the rows themselves are never taken twice.
REMEMBER_SECONDS = 0.3

UNREACHABLE: tuple[type[Exception], ...] = (*PASSING, LogUnavailable, LogBusy, OutcomeUnknown)
TOKEN_ENDED = Finding(
    0,
    None,
    Words("the token it was sent with is no longer valid", "mã truy cập đã gửi tệp hết hiệu lực"),
    Words("send the file again with a valid token", "gửi lại tệp bằng mã truy cập còn hiệu lực"),
)
FAULT = Finding(
    0,
    None,
    Words("something is wrong with the service", "dịch vụ gặp lỗi"),
    Words(
        "tell the operator the id of this import, then send the file again",
        "báo người vận hành mã lần nhập này, rồi gửi lại tệp",
    ),
)

log = structlog.get_logger()


class ImportWorker:
    """Takes in what `jobs` keeps.

    Args:
        jobs: the files.
        tokens: whose callers the files were sent by.
        commands: records.
        rehearsal: makes what decides without recording.
    """

    def __init__(
        self,
        jobs: Jobs,
        tokens: Tokens,
        commands: CommandHandler,
        rehearsal: Callable[[], CommandHandler],
    ) -> None:
        self._jobs = jobs
        self._tokens = tokens
        self._commands = commands
        self._rehearsal = rehearsal
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Leave the job at hand where it is, for whoever starts next."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def wake(self) -> None:
        """A file has come."""
        self._woken.set()

    async def _work(self) -> None:
        while True:
            self._woken.clear()
            found = False
            try:
                found = await self.work_once()
            except UNREACHABLE as error:
                log.warning("imports_wait", error=repr(error))
            if not found:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), POLL_SECONDS)

    async def work_once(self) -> bool:
        """Take in the next file; whether there was one."""
        claimed = await self._jobs.claim()
        if claimed is None:
            return False
        try:
            await self._take(claimed)
        except LeaseLost:
            log.warning("import_taken_over", job=str(claimed.job.job))
        except FileUnusable as unusable:
            await self._jobs.end(claimed, "failed", unusable.findings)
        except asyncio.CancelledError:
            await asyncio.shield(self._jobs.release(claimed))
            raise
        except UNREACHABLE:
            await self._jobs.release(claimed)
            raise
        except Exception:  # the job ends; the worker goes on with the others
            log.exception("import_failed", job=str(claimed.job.job))
            await self._jobs.end(claimed, "failed", (FAULT,))
        return True

    async def _take(self, claimed: Claimed) -> None:
        job = claimed.job
        proposer = await self._tokens.principal(job.proposer_token)
        approver = await self._approver(job.approver_token)
        if proposer is None or (job.approver_token is not None and approver is None):
            await self._jobs.end(claimed, "failed", (TOKEN_ENDED,))
            return
        sheet = await asyncio.to_thread(open_sheet, KINDS[job.kind], job.form, claimed.content)
        # A rehearsal is kept in memory only: it begins again.
        start = job.rows_done if is_resumable(sheet.kind) and not job.dry_run else 0
        await self._jobs.begin(claimed, len(sheet.lines), start)
        commands = self._rehearsal() if job.dry_run else self._commands
        importer = Importer(commands, job.job, job.ledger, proposer, approver, job.correlation_id)
        memory = _Memory(self._jobs, claimed)
        await enter(importer, sheet, memory.told, start=start, act=job.act)
        await memory.remember()
        await self._jobs.end(claimed, "done")

    async def _approver(self, token_id: str | None) -> Principal | None:
        return None if token_id is None else await self._tokens.principal(token_id)


class _Memory:
    """What became of rows, remembered every now and then."""

    def __init__(self, jobs: Jobs, claimed: Claimed) -> None:
        self._jobs = jobs
        self._claimed = claimed
        self._taken: list[Taken] = []
        self._since = monotonic()

    async def told(self, taken: list[Taken]) -> None:
        self._taken += taken
        if monotonic() - self._since >= REMEMBER_SECONDS:
            await self.remember()

    async def remember(self) -> None:
        await self._jobs.advance(self._claimed, self._taken)
        self._taken = []
        self._since = monotonic()
