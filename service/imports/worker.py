"""Worker: one task of the process imports the waiting files, as long as the service runs."""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from time import monotonic

import structlog

from service.access.tokens import Principal, Tokens
from service.handle import CommandHandler
from service.imports.file_kinds import LAYOUTS, given_beside, import_sheet
from service.imports.findings import FileUnusable, Finding, Message
from service.imports.jobs import Claimed, Jobs, LeaseLost
from service.imports.layout import RowLayout
from service.imports.row_importer import RowImporter, RowResult
from service.imports.sheets import open_sheet
from service.log.events import LogBusy, LogUnavailable, OutcomeUnknown
from service.read_models.advance import PASSING

POLL_SECONDS = 2.0
# How far a crash can set back the progress shown; no row is ever recorded twice.
SAVE_SECONDS = 0.3

UNREACHABLE: tuple[type[Exception], ...] = (*PASSING, LogUnavailable, LogBusy, OutcomeUnknown)
TOKEN_ENDED = Finding(
    Message("the token it was sent with is no longer valid", "mã truy cập đã gửi tệp hết hiệu lực"),
    Message("send the file again with a valid token", "gửi lại tệp bằng mã truy cập còn hiệu lực"),
)
FAULT = Finding(
    Message("something is wrong with the service", "dịch vụ gặp lỗi"),
    Message(
        "tell the operator the id of this import, then send the file again",
        "báo người vận hành mã lần nhập này, rồi gửi lại tệp",
    ),
)

log = structlog.get_logger()


class ImportWorker:
    """Imports the files of jobs.

    Args:
        jobs: the files.
        tokens: of the callers who sent the files.
        commands: handles the commands of rows.
        dry_run: makes a handler that records nothing.
    """

    def __init__(
        self,
        jobs: Jobs,
        tokens: Tokens,
        commands: CommandHandler,
        dry_run: Callable[[], CommandHandler],
    ) -> None:
        self._jobs = jobs
        self._tokens = tokens
        self._commands = commands
        self._dry_run = dry_run
        self._woken = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        self._task = asyncio.create_task(self._work())

    async def stop(self) -> None:
        """Stop; the job in progress is left to the process that starts next."""
        if self._task is not None:
            self._task.cancel()
            with suppress(asyncio.CancelledError):
                await self._task

    def wake(self) -> None:
        """Have the worker look for a new file at once."""
        self._woken.set()

    async def _work(self) -> None:
        while True:
            self._woken.clear()
            has_worked = False
            try:
                has_worked = await self.work_once()
            except UNREACHABLE as error:
                log.warning("imports_wait", error=repr(error))
            if not has_worked:
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._woken.wait(), POLL_SECONDS)

    async def work_once(self) -> bool:
        """Import the next file; whether there was one."""
        claimed = await self._jobs.claim()
        if claimed is None:
            return False
        try:
            await self._import(claimed)
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

    async def _import(self, claimed: Claimed) -> None:
        job = claimed.job
        proposer = await self._tokens.principal(job.proposer_token)
        approver = await self._approver(job.approver_token)
        if proposer is None or (job.approver_token is not None and approver is None):
            await self._jobs.end(claimed, "failed", (TOKEN_ENDED,))
            return
        act, day = given_beside(job.act)
        sheet = await open_sheet(LAYOUTS[job.kind], job.file_format, claimed.content, day)
        # A dry run is in memory only, and a territory is compared as a whole: both begin again.
        resumes = isinstance(sheet.layout, RowLayout) and not job.dry_run
        start = job.rows_done if resumes else 0
        await self._jobs.begin(claimed, len(sheet.lines), start, sheet.findings)
        commands = self._dry_run() if job.dry_run else self._commands
        importer = RowImporter(
            commands, job.job, job.ledger, proposer, approver, job.correlation_id
        )
        progress = _Progress(self._jobs, claimed)
        await import_sheet(importer, sheet, progress.add, start=start, act=act)
        await progress.save()
        await self._jobs.end(claimed, "done")

    async def _approver(self, token_id: str | None) -> Principal | None:
        return None if token_id is None else await self._tokens.principal(token_id)


class _Progress:
    """The results of rows, saved every now and then."""

    def __init__(self, jobs: Jobs, claimed: Claimed) -> None:
        self._jobs = jobs
        self._claimed = claimed
        self._unsaved: list[RowResult] = []
        self._saved_at = monotonic()

    async def add(self, results: list[RowResult]) -> None:
        self._unsaved += results
        if monotonic() - self._saved_at >= SAVE_SECONDS:
            await self.save()

    async def save(self) -> None:
        await self._jobs.advance(self._claimed, self._unsaved)
        self._unsaved = []
        self._saved_at = monotonic()
