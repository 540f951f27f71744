"""Worker: imports the waiting files, as long as the service runs.

Files of several ledgers are imported at once, so that none waits for another's long file; those of
one ledger follow one another.
"""

import asyncio
from collections.abc import Callable, Sequence
from datetime import date
from time import monotonic

import structlog

from service.access.principals import Principal
from service.access.tokens import Tokens
from service.database.outages import NOT_NOW
from service.handle import CommandHandler
from service.imports.endings import Endings, JobCancelled
from service.imports.file_kinds import LAYOUTS, given_beside, import_sheet
from service.imports.findings import FileUnusable, Finding, Message
from service.imports.jobs import MOST_ATTEMPTS, Claimed, Jobs, JobTaken
from service.imports.layout import Layout, RowLayout
from service.imports.row_importer import OnForbidden, RowImporter, RowResult
from service.imports.sheets import Sheet, open_sheet
from service.supervision import JobLoop, Tasks

# How far a crash can set back the progress shown; no row is ever recorded twice.
SAVE_SECONDS = 0.3
# While a file is read, it is asked so often whether the job is cancelled.
ASK_SECONDS = 1.0

TOKEN_ENDED = Finding(
    Message("the token it was sent with is no longer valid", "mã truy cập đã gửi tệp hết hiệu lực"),
    Message("send the file again with a valid token", "gửi lại tệp bằng mã truy cập còn hiệu lực"),
)
GIVEN_UP = Finding(
    Message(
        f"it was begun {MOST_ATTEMPTS} times and the service ended each time before it was over",
        f"đã bắt đầu {MOST_ATTEMPTS} lần, lần nào dịch vụ cũng dừng trước khi nhập xong",
    ),
    Message(
        "send the file in several parts; if that does not help, tell the operator",
        "chia tệp thành nhiều phần rồi gửi lại; nếu vẫn vậy, báo người vận hành",
    ),
)
FAULT = Finding(
    Message("something is wrong with the service", "dịch vụ gặp lỗi"),
    Message(
        "tell the operator the id of this import, then send the file again",
        "báo người vận hành mã lần nhập này, rồi gửi lại tệp",
    ),
)

log = structlog.get_logger()


class ImportWorker(JobLoop):
    """Imports the files of jobs.

    Args:
        jobs: the files.
        endings: tells which jobs are cancelled.
        tokens: of the callers who sent the files.
        commands: handles the commands of rows.
        dry_run: makes a handler that records nothing.
        on_forbidden: takes what a rule refused, for the access record.
        tasks: the process's background tasks. A job in progress when they are stopped is left to
            the process that starts next.
        at_once: files of so many ledgers.
    """

    def __init__(  # noqa: PLR0913, PLR0917  the parts
        self,
        jobs: Jobs,
        endings: Endings,
        tokens: Tokens,
        commands: CommandHandler,
        dry_run: Callable[[], CommandHandler],
        on_forbidden: OnForbidden,
        tasks: Tasks | None = None,
        at_once: int = 1,
    ) -> None:
        super().__init__("imports", tasks or Tasks(), at_once)
        self._unreleased: list[Claimed] = []
        self._jobs = jobs
        self._endings = endings
        self._tokens = tokens
        self._commands = commands
        self._dry_run = dry_run
        self._on_forbidden = on_forbidden

    async def work_once(self) -> bool:
        """Import the next file; whether there was one."""
        for left in tuple(self._unreleased):
            await self._jobs.release(left)
            self._unreleased = [each for each in self._unreleased if each is not left]
        claimed = await self._jobs.claim()
        if claimed is None:
            return False
        try:
            await self._work_on(claimed)
        finally:
            await self._jobs.let_go(claimed)
        return True

    async def _work_on(self, claimed: Claimed) -> None:
        job = str(claimed.job.job)
        try:
            if claimed.attempts > MOST_ATTEMPTS:
                log.error("import_given_up", job=job)
                await self._jobs.end(claimed, "failed", (GIVEN_UP,))
            else:
                await self._import(claimed)
        except JobTaken:
            log.warning("import_taken_over", job=job)
        except JobCancelled:
            await self._jobs.end(claimed, "cancelled")
        except FileUnusable as unusable:
            await self._jobs.end(claimed, "failed", unusable.findings)
        except asyncio.CancelledError:
            await asyncio.shield(self._jobs.release(claimed))
            raise
        except NOT_NOW:
            # The database may be away for longer: it is told later that the job was left.
            self._unreleased.append(claimed)
            raise
        except Exception:  # the job ends; the worker goes on with the others
            log.exception("import_failed", job=job)
            await self._jobs.end(claimed, "failed", (FAULT,))

    async def _import(self, claimed: Claimed) -> None:
        job = claimed.job
        await self._endings.require_wanted(job.job)
        proposer = await self._tokens.principal(job.proposer_token)
        approver = await self._approver(job.approver_token)
        if proposer is None or (job.approver_token is not None and approver is None):
            await self._jobs.end(claimed, "failed", (TOKEN_ENDED,))
            return
        act, day = given_beside(job.act)
        sheet = await self._read(claimed, LAYOUTS[job.kind], day)
        # A dry run is in memory only, and a territory is compared as a whole: both begin again.
        resumes = isinstance(sheet.layout, RowLayout) and not job.dry_run
        start = job.rows_done if resumes else 0
        await self._jobs.begin(claimed, len(sheet.lines), start, sheet.findings)
        commands = self._dry_run() if job.dry_run else self._commands
        importer = RowImporter(
            commands,
            job.job,
            job.ledger,
            proposer,
            approver,
            job.correlation_id,
            self._on_forbidden,
            made_ids=self._jobs.made_ids(records=not job.dry_run),
        )
        progress = _Progress(self._jobs, self._endings, claimed)
        await import_sheet(importer, sheet, progress.add, start=start, act=act)
        await progress.save()
        await self._jobs.end(claimed, "done")

    async def _read(self, claimed: Claimed, layouts: Sequence[Layout], day: date | None) -> Sheet:
        """Read the file; reading ends when the job is cancelled.

        Raises:
            FileUnusable, JobCancelled.
        """
        job = claimed.job
        reading = asyncio.create_task(open_sheet(layouts, job.file_format, claimed.content, day))
        try:
            while not reading.done():
                await asyncio.wait({reading}, timeout=ASK_SECONDS)
                await self._endings.require_wanted(job.job)
        finally:
            reading.cancel()
            await asyncio.wait({reading})
        return reading.result()

    async def _approver(self, token_id: str | None) -> Principal | None:
        return None if token_id is None else await self._tokens.principal(token_id)


class _Progress:
    """The results of rows, saved every now and then."""

    def __init__(self, jobs: Jobs, endings: Endings, claimed: Claimed) -> None:
        self._jobs = jobs
        self._endings = endings
        self._claimed = claimed
        self._unsaved: list[RowResult] = []
        self._saved_at = monotonic()

    async def add(self, results: list[RowResult]) -> None:
        self._claimed.require_held()
        self._unsaved += results
        if monotonic() - self._saved_at >= SAVE_SECONDS:
            await self.save()
            await self._endings.require_wanted(self._claimed.job.job)

    async def save(self) -> None:
        await self._jobs.advance(self._claimed, self._unsaved)
        self._unsaved = []
        self._saved_at = monotonic()
