"""Schemathesis, with all its checks, finds nothing: what is described is what is served."""

import asyncio
import sys
from pathlib import Path

from tests.service.province import POST, Province

# Rules between fields and between objects cannot be said in a schema, so what follows the
# schema may still be refused as not valid. An endless stream is not for this kind of client.
CONFIGURATION = """
seed = 2021
workers = 1

[output]
sanitization.enabled = false

[generation]
max-examples = 10
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


async def run(
    folder: Path, address: str, province: Province, phases: str, parameters: str = ""
) -> None:
    configuration = folder / "schemathesis.toml"
    configuration.write_text(CONFIGURATION.format(parameters=parameters))
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "schemathesis.cli",
        "--config-file",
        str(configuration),
        "run",
        f"{address}/openapi.json",
        "--header",
        f"Authorization: {province.client.headers['Authorization']}",
        "--phases",
        phases,
        "--checks",
        "all",
        "--continue-on-failure",
        "--no-color",
        cwd=folder,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode == 0, output.decode()


async def test_nothing_is_found_at_the_edges_of_what_is_described(
    tmp_path: Path, address: str, province: Province
) -> None:
    await run(tmp_path, address, province, "examples,coverage")


async def test_nothing_is_found_about_what_exists(
    tmp_path: Path, address: str, province: Province
) -> None:
    task = await province.task_in_progress("kilns")
    ids = {
        "ledger": province.ledger,
        "task_id": task,
        "post_id": POST,
        "unit_id": "yen-son",
        "official_id": "official-017",
    }
    parameters = "\n".join(f'"path.{name}" = "{value}"' for name, value in ids.items())
    await run(tmp_path, address, province, "fuzzing,stateful", parameters)
