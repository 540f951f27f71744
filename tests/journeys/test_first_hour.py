"""A first hour as the tutorial tells it: every block is run, and prints what the page says."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.giaoviec import ROOT, Served
from tests.pages import DOCS, blocks, read, shortened

ADDRESS = "http://127.0.0.1:8090"
END_OF_BLOCK = "=== end of block"


def on_path(folder: Path) -> Path:
    """A folder with the command in it, as an installation has."""
    folder.mkdir()
    command = folder / "giaoviec"
    command.write_text(f'#!/bin/sh\ncd "{ROOT}" && exec "{sys.executable}" -m service "$@"\n')
    command.chmod(0o755)
    return folder


@pytest.fixture(scope="module")
def hour(served: Served, tmp_path_factory: pytest.TempPathFactory) -> list[tuple[str, Any]]:
    """What each `sh` block printed last, beside the `json` block that follows it, if any."""
    page = blocks(read(DOCS / "tutorial.md"))
    # Like zsh, bash then splits nothing that it fills in. When typed, zsh knows no comments either.
    script = "IFS=\n" + "".join(
        f"{block.text}echo; echo '{END_OF_BLOCK}'\n" for block in page if block.language == "sh"
    )
    assert " # " not in script
    path = on_path(tmp_path_factory.mktemp("hour") / "bin")
    environment = served.giaoviec.environment
    ran = subprocess.run(  # noqa: S603  the page's own blocks
        ["/bin/bash", "-euo", "pipefail", "-c", script.replace(ADDRESS, served.address)],
        env={**environment, "PATH": f"{path}:{environment['PATH']}"},
        cwd=path,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert ran.returncode == 0, ran.stderr
    printed = iter(ran.stdout.split(END_OF_BLOCK))
    pairs = []
    for block, following in zip(page, [*page[1:], None], strict=True):
        if block.language == "sh":
            output = next(printed)
            expected = (
                json.loads(following.text) if following and following.language == "json" else None
            )
            pairs.append((output, expected))
    return pairs


def test_every_block_prints_what_the_tutorial_says(hour: list[tuple[str, Any]]) -> None:
    checked = 0
    for output, expected in hour:
        if expected is not None:
            last = json.loads(output.strip().splitlines()[-1])
            assert shortened(last, expected) == expected
            checked += 1
    assert checked >= 6


def test_only_the_refusal_that_is_shown_is_a_refusal(hour: list[tuple[str, Any]]) -> None:
    refusals = [
        output
        for output, expected in hour
        if "/problems/" in output and "/problems/" not in json.dumps(expected)
    ]
    assert refusals == []
