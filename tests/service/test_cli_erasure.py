"""The command line: an erasure, which one person asks for and another one decides, on record."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import asyncpg
import pytest

from service.database.logins import EMBEDDED_LOGIN
from service.database.migrate import migrate
from tests.databases import empty_database
from tests.giaoviec import Giaoviec
from tests.logins import as_service

ACCESSES = """
SELECT action, outcome FROM access.record WHERE in_ledger IS NOT DISTINCT FROM $1 ORDER BY entry
"""


@pytest.fixture
async def own_database_url(server_url: str) -> AsyncIterator[str]:
    async with empty_database(server_url) as url:
        await migrate(url, login=EMBEDDED_LOGIN)
        yield url


@pytest.fixture
def giaoviec(own_database_url: str, tmp_path: Path) -> Giaoviec:
    return Giaoviec(tmp_path / "data", as_service(own_database_url))


def test_two_persons_erase_an_official(
    giaoviec: Giaoviec, own_database_url: str, tmp_path: Path
) -> None:
    asks, decides = (str(tmp_path / f"{name}.token") for name in ("asks", "decides"))
    for holder, whose in ((asks, ()), (decides, ("--official", "b"))):
        words = (Path(holder).stem, *whose, "--role", "authority", "--unit", "*")
        Path(holder).write_text(giaoviec.done("token", "create", *words), encoding="ascii")
    giaoviec.done("ledger", "create", "erasing", "Tỉnh")
    at = ("--ledger", "erasing")
    for kind, text in (
        (
            "units",
            (
                "unit_id,name,kind,effective_on\nso-a,Sở A,department,2021-01-01\n"
                "so-b,Sở B,department,2021-01-01\n"
            ),
        ),
        ("officials", "official_id,full_name\na,Nguyễn Văn A\n"),
    ):
        file = tmp_path / f"{kind}.csv"
        file.write_text(text, encoding="utf-8")
        giaoviec.done("import", kind, str(file), *at, "--token-file", asks)
    document = ("--document", "1-QĐ", "2021-01-01", "Sở A")
    ground = ("--ground", "retention_ended")
    unknown = tmp_path / "unknown.token"
    unknown.write_text(f"gv_{'0' * 16}_{'0' * 64}", encoding="ascii")
    sends = ("import", "officials", str(file), *at, "--token-file", str(unknown))
    assert giaoviec.run(*sends)[0] == 1
    first = ("official", "request-erasure", "a", *at, *document, *ground)
    giaoviec.done(*first, "--token-file", asks, "--on-behalf-of", "so-a")
    erase = ("official", "erase", "a", "--yes", *at, *document)
    for token, body in ((asks, "so-b"), (decides, "so-a")):
        code, _, said_why = giaoviec.run(*erase, "--token-file", token, "--on-behalf-of", body)
        assert code == 1
        assert "may not decide on it" in said_why or "from whoever recorded" in said_why
    giaoviec.done(*erase, "--token-file", decides, "--on-behalf-of", "so-b")
    assert giaoviec.run(*first, "--token-file", asks, "--on-behalf-of", "so-a")[0] == 1
    assert ("authenticate", "refused") in asyncio.run(accesses(own_database_url, None))
    assert asyncio.run(accesses(own_database_url, "erasing")) == [
        ("request_erasure", "allowed"),
        ("erase_official", "refused"),
        ("erase_official", "refused"),
        ("erase_official", "allowed"),
    ]


async def accesses(database_url: str, ledger: str | None) -> list[tuple[str, str]]:
    """What the access record holds of the ledger, or of none: what was done and came of it."""
    connection = await asyncpg.connect(database_url)
    try:
        rows = await connection.fetch(ACCESSES, ledger)
    finally:
        await connection.close()
    return [(row["action"], row["outcome"]) for row in rows]
