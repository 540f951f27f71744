"""Endings: an import may be cancelled, and what was found in a file is kept for some time only."""

from uuid import UUID

from domain.kernel import Conflict
from service.database.engine import Pool
from service.imports.findings import Finding, Message
from service.imports.jobs import Job

# Expired findings are looked for so often.
PERIOD_SECONDS = 3600.0

CANCELLED = Finding(
    Message(
        "the import was cancelled after {done} rows: {imported} rows it recorded stay on record",
        "lần nhập đã bị hủy sau {done} hàng: {imported} hàng đã ghi vẫn được giữ nguyên",
    ),
    Message(
        "send the file again to go on; rows recorded before are left as they are",
        "gửi lại tệp để nhập tiếp; hàng đã ghi được giữ nguyên",
    ),
)
EXPIRED = Finding(
    Message(
        "what was found in the file has expired: it is kept for a set time only",
        "kết quả kiểm tra tệp đã hết thời hạn lưu",
    ),
    Message(
        "send the file again, as a dry run if nothing is to be recorded",
        "gửi lại tệp; dùng chế độ chạy thử nếu không cần ghi",
    ),
)

CANCEL = """
UPDATE jobs.imports SET
    cancel_requested_at = coalesce(cancel_requested_at, now()),
    state = CASE state WHEN 'waiting' THEN 'cancelled' ELSE state END,
    content = CASE state WHEN 'waiting' THEN NULL ELSE content END,
    ended_at = CASE state WHEN 'waiting' THEN now() END
WHERE ledger = $1 AND job = $2 AND state IN ('waiting', 'running')
"""
IS_CANCELLED = "SELECT cancel_requested_at IS NOT NULL FROM jobs.imports WHERE job = $1"
EXPIRE = """
WITH expired AS (
    UPDATE jobs.imports SET expired_at = now()
    WHERE expired_at IS NULL AND ended_at < now() - make_interval(days => $1)
    RETURNING job
)
DELETE FROM jobs.findings WHERE job IN (SELECT job FROM expired)
"""


class ImportOver(Conflict):
    """The import {job} is over already: what it recorded stays.

    Lần nhập {job} đã kết thúc: nội dung đã ghi được giữ nguyên.
    """


class JobCancelled(Exception):
    """The job is to end where it is."""


class Endings:
    """Cancels jobs, and lets findings expire.

    Args:
        days: how long findings are kept after the end of their job.
    """

    def __init__(self, pool: Pool, days: int) -> None:
        self._pool = pool
        self._days = days

    async def cancel(self, job: Job) -> None:
        """Have the job end; one that is running ends within seconds. Twice is as once.

        Raises:
            ImportOver.
        """
        status = await self._pool.execute(CANCEL, job.ledger, job.job)
        if status == "UPDATE 0" and not await self._pool.fetchval(IS_CANCELLED, job.job):
            raise ImportOver(job=str(job.job))

    async def require_wanted(self, job: UUID) -> None:
        """Pass unless somebody has cancelled the job.

        Raises:
            JobCancelled.
        """
        if await self._pool.fetchval(IS_CANCELLED, job):
            raise JobCancelled

    async def expire(self) -> None:
        """Delete the findings of jobs that ended long ago."""
        await self._pool.execute(EXPIRE, self._days)


def told_of_ending(job: Job) -> list[Finding]:
    """What is told of a job that was cancelled, or whose findings have expired."""
    told = []
    if job.state == "cancelled":
        told.append(CANCELLED.about(done=job.rows_done, imported=job.imported))
    if job.expired_at is not None:
        told.append(EXPIRED)
    return told
