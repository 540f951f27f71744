"""Jobs: files sent over HTTP, imported one after another, however often the service restarts.

What a file says may name persons: its name, its content and what was found in it are sealed with a
key of the job. An erasure in the ledger destroys the keys of its jobs, and ends those under way.

A job belongs to the process whose session holds its lock, however long that takes. No clock is
asked: if the process or its host dies, the session ends, the lock with it, and another process
claims the job. A ledger's files are imported in the order in which they came.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, fields
from datetime import datetime
from hashlib import sha256
from typing import Any, Literal, TypeAlias
from uuid import UUID, uuid4

import asyncpg
from cryptography.exceptions import InvalidTag
from pydantic import Json, TypeAdapter
from uuid_utils.compat import uuid7

from domain.kernel import NotFound
from service.database.engine import Acquired, Pool
from service.database.outages import NOT_NOW, NotNow
from service.imports.file_kinds import FileKind
from service.imports.findings import ERASED, Finding, Message, kept
from service.imports.made_ids import MadeIds
from service.imports.row_importer import RowResult
from service.imports.sheets import FileFormat
from service.log.sealing import PersonErased, PersonKeys, Seal

# Advisory locks of jobs: this class, and the job hashed.
LOCK_CLASS = 8_090_006
# A job is begun so often at most: it may be what ends the processes.
MOST_ATTEMPTS = 2
LISTED_JOBS = 100
LONGEST_SENTENCE = 1000
# As what a job's texts are sealed, and what its file is called once its key is destroyed.
KIND = "import"
NAMELESS = "-"
State: TypeAlias = Literal["waiting", "running", "done", "failed", "cancelled"]


class ImportUnknown(NotFound):
    """There is no import {job} in this ledger.

    Không tìm thấy lần nhập {job} trong sổ này.
    """


class HoldLost(NotNow):
    """The session ended that held the job: another process may have claimed it."""


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
        erased_at: when an erasure took away its name, its content and what was found in it.
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
    erased_at: datetime | None
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

    def require_held(self) -> None:
        """Pass while the session lasts that holds the job.

        Raises:
            HoldLost.
        """
        if self.holder.is_closed():
            raise HoldLost("the session that held the job ended")


JOB = TypeAdapter(Job)
UPLOAD = TypeAdapter(Upload)
COLUMNS = ", ".join(each.name for each in fields(Job)).replace("file_format", "form AS file_format")
SENT = [each.name.replace("file_format", "form") for each in fields(Upload)]
TOTAL = "SELECT count(*) FROM jobs.imports WHERE ledger = $1"
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
COUNT_FINDINGS = "SELECT count(*) FROM jobs.findings WHERE job = $1"
FINDINGS = """
SELECT what_en, what_vi, mend_en, mend_vi, row, "column", count(*) OVER () AS total
FROM jobs.findings WHERE job = $1 ORDER BY row, number LIMIT $2
"""


class Jobs:
    """The table of imports.

    Whoever begins, advances or ends a job that another process has claimed raises JobTaken.
    """

    def __init__(self, pool: Pool, keys: PersonKeys) -> None:
        self._pool = pool
        self._keys = keys

    def made_ids(self, *, records: bool) -> MadeIds:
        """The texts from which files made ids."""
        return MadeIds(self._pool, records=records)

    async def submit(self, upload: Upload) -> Job:
        """Store the file until it is imported.

        By COPY: a server that logs statements logs their parameters, too, and of COPY no data.
        """
        job, digest = uuid7(), sha256(upload.content).hexdigest()
        seal = await self._keys.seal(upload.ledger, of_job(job))
        sent = UPLOAD.dump_python(upload, round_trip=True)
        sent["file"] = seal.close(KIND, "file", upload.file)
        sent["content"] = await asyncio.to_thread(seal.close_bytes, KIND, "content", upload.content)
        await self._pool.copy_records_to_table(
            "imports",
            schema_name="jobs",
            columns=["job", "sha256", *SENT],
            records=[(job, digest, *sent.values())],
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
        [found] = await self._opened(ledger, [row])
        return found

    async def latest(self, ledger: str) -> list[Job]:
        """The ledger's last jobs, the newest first."""
        return await self._opened(ledger, await self._pool.fetch(LATEST, ledger))

    async def total(self, ledger: str) -> int:
        """How many jobs the ledger has had."""
        return int(await self._pool.fetchval(TOTAL, ledger))

    async def findings(self, job: Job, limit: int | None = None) -> tuple[list[Finding], int]:
        """The findings, row by row, `limit` at most; and how many there are in all."""
        if job.erased_at is not None:
            return [ERASED], 1
        rows = await self._pool.fetch(FINDINGS, job.job, limit)
        seal = (await self._keys.seals(job.ledger, [of_job(job.job)])).get(of_job(job.job))
        findings = [_opened_finding(seal, row) for row in rows]
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
                        [read] = await self._opened(row["ledger"], [row])
                        content = await self._content(read, row["content"])
                        return Claimed(read, content, claim, row["attempts"], holder)
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
            await self._update(claimed, BEGIN_ANEW, total, findings=kept(findings, 0))

    async def advance(self, claimed: Claimed, results: Sequence[RowResult]) -> None:
        """Store the results of the next rows."""
        statuses = [result.status for result in results]
        counts = [statuses.count(status) for status in ("imported", "unchanged", "refused")]
        findings = [finding for result in results for finding in result.findings]
        if findings:
            before = await self._pool.fetchval(COUNT_FINDINGS, claimed.job.job)
            findings = [*kept(findings, before)]
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
        stored = await self._closed(claimed.job, findings)
        async with self._pool.acquire() as connection, connection.transaction():
            status = await connection.execute(statement, claimed.claim, *values)
            if status == "UPDATE 0":
                raise JobTaken
            await connection.executemany(INSERT_FINDING, stored)

    async def _opened(self, ledger: str, rows: Sequence[asyncpg.Record]) -> list[Job]:
        """The jobs of these rows; the name of a file whose key is destroyed is not told."""
        seals = await self._keys.seals(ledger, [of_job(row["job"]) for row in rows])
        jobs: list[Job] = []
        for row in rows:
            seal = seals.get(of_job(row["job"]))
            name = _opened_text(seal, "file", row["file"]) or NAMELESS
            jobs.append(JOB.validate_python({**row, "file": name}))
        return jobs

    async def _content(self, job: Job, stored: bytes) -> bytes:
        """The file. One from before files were sealed is as it was sent."""
        seal = (await self._keys.seals(job.ledger, [of_job(job.job)])).get(of_job(job.job))
        if seal is None:
            return stored
        return await asyncio.to_thread(seal.open_bytes, KIND, "content", stored)

    async def _closed(self, job: Job, findings: Sequence[Finding]) -> list[tuple[object, ...]]:
        """The rows of these findings.

        Raises:
            JobTaken: an erasure ended the job.
        """
        if not findings:
            return []
        try:
            seal = await self._keys.seal(job.ledger, of_job(job.job))
        except PersonErased:
            raise JobTaken from None
        return [
            (
                job.job,
                each.row,
                *(
                    None if text is None else seal.close(KIND, "finding", _storable(text))
                    for text in (each.column, *each.what, *each.mend)
                ),
            )
            for each in findings
        ]


def of_job(job: UUID) -> str:
    """What the key of a job is called; no person is called so."""
    return f"$import:{job}"


def _opened_finding(seal: Seal | None, row: asyncpg.Record) -> Finding:
    texts = [_opened_text(seal, "finding", text) for text in list(row.values())[:4]]
    sentences = [text or "" for text in texts]
    column = row["column"] and _opened_text(seal, "finding", row["column"])
    return Finding(Message(*sentences[0:2]), Message(*sentences[2:4]), row["row"], column)


def _opened_text(seal: Seal | None, field: str, stored: str) -> str | None:
    """The text. One from before texts were sealed is as it was stored."""
    if seal is None:
        return stored
    try:
        return seal.open(KIND, field, stored)
    except (InvalidTag, ValueError):
        return None


def _storable(text: str) -> str:
    """The sentence as it is stored: it may quote any cell."""
    return text.replace("\0", "\ufffd")[:LONGEST_SENTENCE]
