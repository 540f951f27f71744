"""Jobs: files sent over HTTP, imported one after another, however often the service restarts.

A job belongs to the process that holds its lease; if the process dies, another claims the job when
the lease is over. A ledger's files are imported in the order in which they came.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, TypeAlias
from uuid import UUID, uuid4

import asyncpg
from uuid_utils.compat import uuid7

from domain.kernel import NotFound
from service.database.engine import Pool
from service.imports.file_kinds import FileKind
from service.imports.findings import Finding, Message
from service.imports.row_importer import RowResult
from service.imports.sheets import FileFormat

LEASE_SECONDS = 10.0
LISTED_JOBS = 100
LONGEST_SENTENCE = 1000

State: TypeAlias = Literal["waiting", "running", "done", "failed"]

COLUMNS = """
    job, ledger, kind, form AS file_format, file, sha256, dry_run, proposer_token, approver_token,
    correlation_id, state, rows_total, rows_done, imported, unchanged, refused, created_at,
    started_at, ended_at, act
"""
SUBMIT = """
INSERT INTO jobs.imports (
    job, ledger, kind, form, file, sha256, content, dry_run, proposer_token, approver_token,
    correlation_id, act
) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)
"""
ONE = f"SELECT {COLUMNS} FROM jobs.imports WHERE ledger = $1 AND job = $2"  # noqa: S608  constants
LATEST = f"""
SELECT {COLUMNS} FROM jobs.imports WHERE ledger = $1 ORDER BY job DESC LIMIT {LISTED_JOBS}
"""  # noqa: S608  constants
CLAIM = f"""
UPDATE jobs.imports SET
    state = 'running', claim = $1, lease_until = now() + make_interval(secs => $2),
    started_at = coalesce(started_at, now())
WHERE job = (
    SELECT job FROM jobs.imports j
    WHERE (state = 'waiting' OR (state = 'running' AND lease_until < now()))
        AND NOT EXISTS (
            SELECT FROM jobs.imports earlier
            WHERE earlier.ledger = j.ledger AND earlier.job < j.job
                AND earlier.state IN ('waiting', 'running')
        )
    ORDER BY job LIMIT 1 FOR UPDATE SKIP LOCKED
)
RETURNING {COLUMNS}, content
"""  # noqa: S608  constants
BEGIN = """
UPDATE jobs.imports SET rows_total = $2, rows_done = $3,
    imported = CASE WHEN $3 = 0 THEN 0 ELSE imported END,
    unchanged = CASE WHEN $3 = 0 THEN 0 ELSE unchanged END,
    refused = CASE WHEN $3 = 0 THEN 0 ELSE refused END
WHERE claim = $1
"""
DELETE_FINDINGS = "DELETE FROM jobs.findings WHERE job = $1"
ADVANCE = """
UPDATE jobs.imports SET
    rows_done = rows_done + $2, imported = imported + $3, unchanged = unchanged + $4,
    refused = refused + $5, lease_until = now() + make_interval(secs => $6)
WHERE claim = $1
"""
INSERT_FINDING = """
INSERT INTO jobs.findings (job, row, "column", what_en, what_vi, mend_en, mend_vi)
VALUES ($1, $2, $3, $4, $5, $6, $7)
"""
END = """
UPDATE jobs.imports SET state = $2, ended_at = now(), content = NULL, claim = NULL,
    lease_until = NULL
WHERE claim = $1
"""
RELEASE = """
UPDATE jobs.imports SET state = 'waiting', claim = NULL, lease_until = NULL WHERE claim = $1
"""
FINDINGS = """
SELECT row, "column", what_en, what_vi, mend_en, mend_vi FROM jobs.findings
WHERE job = $1 ORDER BY row, number LIMIT $2
"""
COUNT_FINDINGS = "SELECT count(*) FROM jobs.findings WHERE job = $1"


class ImportUnknown(NotFound):
    """There is no import {job} in this ledger.

    Không có lần nhập {job} trong sổ này.
    """


class LeaseLost(Exception):
    """Another process has claimed the job: this one leaves it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A file and the progress of its import.

    Attributes:
        unchanged: the number of rows recorded before, by others or by an earlier row of the file.
        correlation_id: of the request that sent the file; all its events carry it.
        act: the document for the rows that cite none.
    """

    job: UUID
    ledger: str
    kind: FileKind
    file_format: FileFormat
    file: str
    sha256: str
    dry_run: bool
    proposer_token: str
    approver_token: str | None
    correlation_id: UUID
    state: State
    rows_total: int | None
    rows_done: int
    imported: int
    unchanged: int
    refused: int
    created_at: datetime
    started_at: datetime | None
    ended_at: datetime | None
    act: dict[str, Any] | None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file as it was sent."""

    ledger: str
    kind: FileKind
    file_format: FileFormat
    file: str
    content: bytes
    dry_run: bool
    proposer_token: str
    approver_token: str | None
    correlation_id: UUID
    act: Mapping[str, object] | None = None


@dataclass(frozen=True, slots=True)
class Claimed:
    """A job that belongs to this process until its lease ends."""

    job: Job
    content: bytes
    claim: UUID


class Jobs:
    """The table of imports."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def submit(self, upload: Upload) -> Job:
        """Store the file until it is imported."""
        job = uuid7()
        await self._pool.execute(
            SUBMIT,
            job,
            upload.ledger,
            upload.kind.value,
            upload.file_format,
            upload.file,
            sha256(upload.content).hexdigest(),
            upload.content,
            upload.dry_run,
            upload.proposer_token,
            upload.approver_token,
            upload.correlation_id,
            None if upload.act is None else json.dumps(upload.act, ensure_ascii=False),
        )
        return await self.find(upload.ledger, job)

    async def find(self, ledger: str, job: UUID) -> Job:
        """The job of that id.

        Raises:
            ImportUnknown: there is none in the ledger.
        """
        row = await self._pool.fetchrow(ONE, ledger, job)
        if row is None:
            raise ImportUnknown(job=str(job))
        return _job(row)

    async def latest(self, ledger: str) -> list[Job]:
        """The ledger's last jobs, the newest first."""
        return [_job(row) for row in await self._pool.fetch(LATEST, ledger)]

    async def findings(self, job: UUID, limit: int | None = None) -> tuple[list[Finding], int]:
        """The findings, row by row, `limit` at most; and how many there are in all."""
        rows = await self._pool.fetch(FINDINGS, job, limit)
        total: int = await self._pool.fetchval(COUNT_FINDINGS, job)
        findings = [
            Finding(
                row["row"],
                row["column"],
                Message(row["what_en"], row["what_vi"]),
                Message(row["mend_en"], row["mend_vi"]),
            )
            for row in rows
        ]
        return findings, total

    async def claim(self) -> Claimed | None:
        """The next job that belongs to no process, for the length of a lease."""
        claim = uuid4()
        row = await self._pool.fetchrow(CLAIM, claim, LEASE_SECONDS)
        return None if row is None else Claimed(_job(row), row["content"], claim)

    async def begin(self, claimed: Claimed, total: int, start: int) -> None:
        """Store how many rows there are; where it begins anew, the earlier findings are deleted."""
        async with self._pool.acquire() as connection, connection.transaction():
            _require(await connection.execute(BEGIN, claimed.claim, total, start))
            if start == 0:
                await connection.execute(DELETE_FINDINGS, claimed.job.job)

    async def advance(self, claimed: Claimed, results: Sequence[RowResult]) -> None:
        """Store the results of the next rows, and prolong the lease.

        Raises:
            LeaseLost: another process has claimed it.
        """
        statuses = [result.status for result in results]
        counts = [statuses.count(status) for status in ("imported", "unchanged", "refused")]
        async with self._pool.acquire() as connection, connection.transaction():
            numbers = (len(results), *counts, LEASE_SECONDS)
            _require(await connection.execute(ADVANCE, claimed.claim, *numbers))
            findings = [finding for result in results for finding in result.findings]
            await connection.executemany(INSERT_FINDING, _stored(claimed, findings))

    async def end(self, claimed: Claimed, state: State, findings: Sequence[Finding] = ()) -> None:
        """End the job, and delete its file.

        Raises:
            LeaseLost: another process has claimed it.
        """
        async with self._pool.acquire() as connection, connection.transaction():
            _require(await connection.execute(END, claimed.claim, state))
            await connection.executemany(INSERT_FINDING, _stored(claimed, findings))

    async def release(self, claimed: Claimed) -> None:
        """Leave the job to the next process that claims one."""
        await self._pool.execute(RELEASE, claimed.claim)


def _job(row: asyncpg.Record) -> Job:
    values: dict[str, Any] = {name: row[name] for name in Job.__dataclass_fields__}
    act = None if values["act"] is None else json.loads(values["act"])
    return Job(**{**values, "kind": FileKind(values["kind"]), "act": act})


def _stored(claimed: Claimed, findings: Sequence[Finding]) -> list[tuple[object, ...]]:
    return [
        (claimed.job.job, each.row, *map(_storable, (each.column, *each.what, *each.mend)))
        for each in findings
    ]


def _storable(text: str | None) -> str | None:
    """The sentence as the database can store it: it may quote any cell."""
    return None if text is None else text.replace("\0", "\ufffd")[:LONGEST_SENTENCE]


def _require(status: str) -> None:
    if status.endswith(" 0"):
        raise LeaseLost
