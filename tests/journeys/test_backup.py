"""Backup and restore as their page tells it, tried on the sample province."""

import os
import subprocess
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest

from service.database.engine import with_database
from service.database.placement import wheel_binaries
from tests.giaoviec import Giaoviec
from tests.journeys.test_first_hour import on_path
from tests.pages import DOCS, blocks, read


@pytest.fixture
async def restored_url(server_url: str) -> AsyncIterator[str]:
    """An empty database to restore into."""
    name = f"giaoviec_restored_{uuid4().hex[:12]}"
    connection = await asyncpg.connect(server_url)
    try:
        await connection.execute(f"CREATE DATABASE {name}")
        yield with_database(server_url, name)
        await connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        await connection.close()


def client_programs(server_url: str) -> Path:
    """Where `pg_dump` of the server's own version is."""
    if "PGBIN" in os.environ:
        return Path(os.environ["PGBIN"])
    if "TEST_DATABASE_URL" in os.environ:
        pytest.skip(f"no pg_dump of the version of {server_url} is known: set PGBIN")
    return wheel_binaries()


def test_a_dump_that_is_restored_gives_the_same_figures(
    figures: dict[str, Any],
    giaoviec: Giaoviec,
    restored_url: str,
    server_url: str,
    tmp_path: Path,
) -> None:
    page = [block.text for block in blocks(read(DOCS / "how-to" / "backup.md"))]
    assert len(page) == 2
    path = f"{on_path(tmp_path / 'bin')}:{client_programs(server_url)}"
    ran = subprocess.run(  # noqa: S603  the page's own blocks
        ["/bin/bash", "-euo", "pipefail", "-c", "".join(page)],
        env={
            **giaoviec.environment,
            "PATH": f"{path}:{giaoviec.environment['PATH']}",
            "RESTORED_URL": restored_url,
        },
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert ran.returncode == 0, ran.stderr + ran.stdout
    assert "wrong" not in ran.stdout

    restored = Giaoviec(giaoviec.data_dir, restored_url)
    assert restored.figures() == figures
