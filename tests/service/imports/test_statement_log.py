"""The server's own log: a file that is sent for import is not written there, sealed or not."""

import re
from base64 import b64encode
from pathlib import Path
from secrets import token_bytes
from urllib.parse import parse_qs, urlsplit

import pytest
from uuid_utils.compat import uuid7

from service.database.engine import create_pool
from service.imports.file_kinds import FileKind
from service.imports.jobs import Jobs, Upload
from service.log.sealing import PersonKeys
from tests.logins import GIVEN

LONG = re.compile(r"[0-9a-f]{1000}|[0-9A-Za-z+/]{1000}")


@pytest.mark.skipif(bool(GIVEN), reason="a server given from outside keeps its log to itself")
async def test_a_file_is_not_in_the_statement_log(database_url: str, ledger: str) -> None:
    [folder] = parse_qs(urlsplit(database_url).query)["host"]
    log = Path(folder).parent / "server.log"
    content = b64encode(token_bytes(50_000))
    async with await create_pool(database_url, size=1, role=None) as pool:
        before = log.stat().st_size
        await pool.execute("SET log_min_duration_statement = 0")
        jobs = Jobs(pool, PersonKeys(pool, bytes(32)))
        job = await jobs.submit(
            Upload(
                ledger=ledger,
                kind=FileKind.UNITS,
                file_format="csv",
                file="danh-sách.csv",
                dry_run=True,
                proposer_token="0123456789abcdef",  # noqa: S106  an id
                approver_token=None,
                correlation_id=uuid7(),
                act={"number": "30-QĐ/TU"},
                content=content,
            )
        )
        size = "SELECT length(content) FROM jobs.imports WHERE job = $1"
        stored = await pool.fetchval(size, job.job)
        await pool.execute("DELETE FROM jobs.imports WHERE job = $1", job.job)
    assert job.act == {"number": "30-QĐ/TU"}
    assert stored >= len(content)
    written = log.read_bytes()[before:].decode(errors="replace")
    assert str(job.job) in written
    assert LONG.findall(written) == []
