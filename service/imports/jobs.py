"""Jobs: files sent over HTTP, imported one after another, however often the service restarts.

A job belongs to the process whose session holds its lock, however long that takes. No clock is
asked: if the process or its host dies, the session ends, the lock with it, and another process
claims the job. A ledger's files are imported in the order in which they came.
"""

from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, TypeAlias
from uuid import UUID, uuid4

import asyncpg
from pydantic import Json, TypeAdapter
from uuid_utils.compat import uuid7

from domain.kernel import NotFound
from service.database.engine import Acquired, Pool
from service.database.outages import NOT_NOW
from service.imports.file_kinds import FileKind
from service.imports.findings import Finding, Message
from service.imports.row_importer import RowResult
from service.imports.sheets import FileFormat

# Advisory locks of jobs: this class, and the job hashed.
LOCK_CLASS = 8_090_006
# A job is begun so often at most: it may be what ends the processes.
MOST_ATTEMPTS = 2
LISTED_JOBS = 100
LONGEST_SENTENCE = 1000

State: TypeAlias = Literal["waiting", "running", "done", "failed", "cancelled"]


class ImportUnknown(NotFound):
    """There is no import {job} in this ledger.

    Không tìm thấy lần nhập {job} trong sổ này.
    """


class JobTaken(Exception):
    """Another process has claimed the job: this one leaves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sending:
    """How a file was sent.

    Attributes:
        correlation_id: of the request that sent the file; all its events carry it.
        act: the document for the rows that cite none, and the day for those that give none.
    """

    ledger: str
    kind: FileKind
    file_format: FileFormat
    file: str
    dry_run: bool
    proposer_token: str
    approver_token: str | None
    correlation_id: UUID
    act: Json[dict[str, Any]] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload(Sending):
    """A file as it was sent."""

    content: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Job(Sending):
    """A file and the progress of its import.

    Attributes:
        unchanged: the number of rows recorded before, by others or by an earlier row of the file.
        expired_at: when what was found in the file was deleted.
    """

    job: UUID
    sha256: str
    state: State
    rows_total: int | None
    rows_done: int
    imported: int
    unchanged: int
    refused: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    cancel_requested_at: datetime | None
    expired_at: datetime | None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that belongs to this process until it lets it go.

    Attributes:
        attempts: how often it was begun, this time included.
        holder: the connection whose session holds the job's lock.
    """

    job: Job
    content: bytes
    claim: UUID
    attempts: int
    holder: Acquired


JOB = TypeAdapter(Job)
UPLOAD = TypeAdapter(Upload)
COLUMNS = ", ".join(each.name for each in fields(Job)).replace("file_format", "form AS file_format")
SENT = ", ".join(each.name for each in fields(Upload)).replace("file_format", "form")
PLACES = ", ".join(f"${number}" for number, _ in enumerate(fields(Upload), start=3))
SUBMIT = f"INSERT INTO jobs.imports (job, sha256, {SENT}) VALUES ($1, $2, {PLACES})"  # noqa: S608  constants
ONE = f"SELECT {COLUMNS} FROM jobs.imports WHERE ledger = $1 AND job = $2"  # noqa: S608  constants
LATEST = f"""
SELECT {COLUMNS} FROM jobs.imports WHERE ledger = $1 ORDER BY job DESC LIMIT {LISTED_JOBS}
"""  # noqa: S608  constants
# The first unfinished job of each ledger.
TO_DO = """
SELECT DISTINCT ON (ledger) job FROM jobs.imports WHERE state IN ('waiting', 'running')
ORDER BY ledger, job
"""
HOLD = "SELECT pg_try_advisory_lock($1, hashtext($2::uuid::text))"
LET_GO = "SELECT pg_advisory_unlock($1, hashtext($2::uuid::text))"
CLAIM = f"""
UPDATE jobs.imports SET
    state = 'running', claim = $2, attempts = attempts + 1, started_at = coalesce(started_at, now())
WHERE job = $1 AND state IN ('waiting', 'running')
RETURNING {COLUMNS}, content, attempts
"""  # noqa: S608  constants
GO_ON = "UPDATE jobs.imports SET rows_total = $2 WHERE claim = $1"
BEGIN_ANEW = """
WITH forgotten AS (
    DELETE FROM jobs.findings WHERE job = (SELECT job FROM jobs.imports WHERE claim = $1)
)
UPDATE jobs.imports
SET rows_total = $2, rows_done = 0, imported = 0, unchanged = 0, refused = 0 WHERE claim = $1
"""
ADVANCE = """
UPDATE jobs.imports SET
    rows_done = rows_done + $2, imported = imported + $3, unchanged = unchanged + $4,
    refused = refused + $5
WHERE claim = $1
"""
END = """
UPDATE jobs.imports SET state = $2, ended_at = now(), content = NULL, claim = NULL
WHERE claim = $1
"""
RELEASE = """
UPDATE jobs.imports SET state = 'waiting', claim = NULL, attempts = attempts - 1 WHERE claim = $1
"""
INSERT_FINDING = """
INSERT INTO jobs.findings (job, row, "column", what_en, what_vi, mend_en, mend_vi)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
FINDINGS = """
SELECT what_en, what_vi, mend_en, mend_vi, row, "column", count(*) OVER () AS total
FROM jobs.findings WHERE job = $1 ORDER BY row, number LIMIT $2
"""


class Jobs:
    """The table of imports.

    Whoever begins, advances or ends a job that another process has claimed raises JobTaken.
    """

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def submit(self, upload: Upload) -> Job:
        """Store the file until it is imported."""
        job, digest = uuid7(), sha256(upload.content).hexdigest()
        sent = UPLOAD.dump_python(upload, round_trip=True)
        await self._pool.execute(SUBMIT, job, digest, *sent.values())
        return await self.find(upload.ledger, job)

    async def find(self, ledger: str, job: UUID) -> Job:
        """The job of that id.

        Raises:
            ImportUnknown: there is none in the ledger.
        """
        row = await self._pool.fetchrow(ONE, ledger, job)
        if row is None:
            raise ImportUnknown(job=str(job))
        return JOB.validate_python(dict(row))

    async def latest(self, ledger: str) -> list[Job]:
        """The ledger's last jobs, the newest first."""
        return [JOB.validate_python(dict(row)) for row in await self._pool.fetch(LATEST, ledger)]

    async def findings(self, job: UUID, limit: int | None = None) -> tuple[list[Finding], int]:
        """The findings, row by row, `limit` at most; and how many there are in all."""
        rows = await self._pool.fetch(FINDINGS, job, limit)
        findings = [
            Finding(Message(*row[0:2]), Message(*row[2:4]), row["row"], row["column"])
            for row in rows
        ]
        return findings, rows[0]["total"] if rows else 0

    async def claim(self) -> Claimed | None:
        """The next job that belongs to no process; whoever claims it lets it go in the end."""
        holder = await self._pool.acquire()
        try:
            jobs = sorted(job for (job,) in await holder.fetch(TO_DO))
            for job in jobs:
                if await holder.fetchval(HOLD, LOCK_CLASS, job):
                    claim = uuid4()
                    row = await holder.fetchrow(CLAIM, job, claim)
                    if row is not None:
                        read = JOB.validate_python(dict(row))
                        return Claimed(read, row["content"], claim, row["attempts"], holder)
                    await holder.execute(LET_GO, LOCK_CLASS, job)
        except BaseException:
            await self._end_session(holder)
            raise
        await self._pool.release(holder)
        return None

    async def let_go(self, claimed: Claimed) -> None:
        """Hold the job no longer, whatever became of it."""
        try:
            await claimed.holder.execute(LET_GO, LOCK_CLASS, claimed.job.job)
        except BaseException as error:
            await self._end_session(claimed.holder)
            if not isinstance(error, NOT_NOW):
                raise
        else:
            await self._pool.release(claimed.holder)

    async def _end_session(self, holder: Acquired) -> None:
        """The locks of a session end with it."""
        with suppress(asyncpg.InterfaceError):  # it is over already
            holder.terminate()
        await self._pool.release(holder)

    async def begin(
        self, claimed: Claimed, total: int, start: int, findings: Sequence[Finding] = ()
    ) -> None:
        """Store how many rows there are, and what is told of the file as a whole.

        Where it begins anew, the earlier findings are deleted.
        """
        if start:
            await self._update(claimed, GO_ON, total)
        else:
            await self._update(claimed, BEGIN_ANEW, total, findings=findings)

    async def advance(self, claimed: Claimed, results: Sequence[RowResult]) -> None:
        """Store the results of the next rows."""
        statuses = [result.status for result in results]
        counts = [statuses.count(status) for status in ("imported", "unchanged", "refused")]
        findings = [finding for result in results for finding in result.findings]
        await self._update(claimed, ADVANCE, len(results), *counts, findings=findings)

    async def end(self, claimed: Claimed, state: State, findings: Sequence[Finding] = ()) -> None:
        """End the job, and delete its file."""
        await self._update(claimed, END, state, findings=findings)

    async def release(self, claimed: Claimed) -> None:
        """Leave the job to the next process that claims one, as if it had not been begun."""
        await self._pool.execute(RELEASE, claimed.claim)

    async def _update(
        self, claimed: Claimed, statement: str, *values: object, findings: Sequence[Finding] = ()
    ) -> None:
        """Change a job that this process holds, and add the findings to it."""
        async with self._pool.acquire() as connection, connection.transaction():
            status = await connection.execute(statement, claimed.claim, *values)
            if status == "UPDATE 0":
                raise JobTaken
            stored = [
                (claimed.job.job, each.row, *map(_storable, (each.column, *each.what, *each.mend)))
                for each in findings
            ]
            await connection.executemany(INSERT_FINDING, stored)


def _storable(text: str | None) -> str | None:
    """The sentence as the database can store it: it may quote any cell."""
    return None if text is None else text.replace("\0", "\ufffd")[:LONGEST_SENTENCE]
