"""Schemathesis, with all its checks, finds nothing: what is described is what is served."""

import asyncio
import sys
from pathlib import Path

import httpx
import pytest

from tests.service.http import schema_check
from tests.service.province import POST, Province

DESCRIBED_S = 120
# An endless stream is not for this kind of client. A rule of the field may refuse what follows the
# description, by a problem type of its own: `schema_check` looks at which.
CONFIGURATION = """
seed = 2021
workers = 1
max-time = {seconds}
hooks = "{hooks}"

[output]
sanitization.enabled = false

[generation]
max-examples = {examples}
database = "none"

[checks]
positive_data_acceptance.expected-statuses = [
    "2xx", "401", "403", "404", "409", "410", "412", "422"
]

[[operations]]
include-operation-id = "stream_events"
enabled = false

[parameters]
"query.wait" = 0
{parameters}
"""


class Run:
    """One run against the service, as long as it may take."""

    def __init__(self, folder: Path, address: str, province: Province) -> None:
        self._folder = folder
        self._address = address
        self._province = province

    async def finds_nothing(
        self, phases: str, *, seconds: int, examples: int = 10, parameters: str = ""
    ) -> None:
        configuration = self._folder / "schemathesis.toml"
        configuration.write_text(
            CONFIGURATION.format(
                seconds=seconds,
                examples=examples,
                hooks=schema_check.__file__,
                parameters=parameters,
            )
        )
        await self._described()
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "schemathesis.cli",
            "--config-file",
            str(configuration),
            "run",
            f"{self._address}/openapi.json",
            "--header",
            f"Authorization: {self._province.client.headers['Authorization']}",
            "--phases",
            phases,
            "--checks",
            "all",
            "--continue-on-failure",
            "--no-color",
            cwd=self._folder,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        output, _ = await process.communicate()
        (self._folder / "output").write_bytes(output)
        assert process.returncode == 0, output.decode()

    async def _described(self) -> None:
        """Have the description made, for which Schemathesis waits ten seconds and no longer."""
        async with httpx.AsyncClient(base_url=self._address, timeout=DESCRIBED_S) as client:
            (await client.get("/openapi.json")).raise_for_status()

    async def of_what_exists(self) -> str:
        """The parameters of paths that lead to something."""
        ids = {
            "ledger": self._province.ledger,
            "task_id": await self._province.task_in_progress("kilns"),
            "post_id": POST,
            "unit_id": "yen-son",
            "official_id": "official-017",
        }
        return "\n".join(f'"path.{name}" = "{value}"' for name, value in ids.items())


@pytest.fixture
def schemathesis(tmp_path: Path, address: str, province: Province) -> Run:
    return Run(tmp_path, address, province)


async def test_nothing_is_found_in_a_minute(schemathesis: Run) -> None:
    parameters = await schemathesis.of_what_exists()
    await schemathesis.finds_nothing(
        "examples,fuzzing", seconds=60, examples=1, parameters=parameters
    )


@pytest.mark.schemathesis
async def test_nothing_is_found_at_the_edges_of_what_is_described(schemathesis: Run) -> None:
    await schemathesis.finds_nothing("examples,coverage", seconds=300)


@pytest.mark.schemathesis
async def test_nothing_is_found_about_what_exists_in_five_minutes(schemathesis: Run) -> None:
    parameters = await schemathesis.of_what_exists()
    await schemathesis.finds_nothing("fuzzing,stateful", seconds=300, parameters=parameters)
