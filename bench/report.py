"""What was measured, where, and whether it is what was promised."""

import json
import os
import platform
from collections.abc import Sequence
from importlib.metadata import version
from pathlib import Path

import psutil
from rich.console import Console
from rich.table import Table

from bench.harness import Result

HERE = Path(__file__).parent
PACKAGES = ("asyncpg", "eventsourcing", "fastapi", "psycopg", "pydantic", "sqlalchemy", "uvicorn")
COLUMNS = ("name", "ratio", "rounds", "promised", "figure", "of", "over")


def show(results: Sequence[Result]) -> None:
    """Print the table."""
    table = Table(*COLUMNS)
    for result in results:
        table.add_row(*_cells(result), style="green" if result.met else "red")
    Console().print(table)


def keep(results: Sequence[Result], server_version: str) -> None:
    """The ratios in `results.json`, and what they are of in `RESULTS.md`."""
    ratios = {result.name: round(result.ratio, 3) for result in results}
    (HERE / "results.json").write_text(json.dumps(ratios, indent=2) + "\n", encoding="utf-8")
    (HERE / "RESULTS.md").write_text(_document(results, server_version), encoding="utf-8")


def _document(results: Sequence[Result], server_version: str) -> str:
    memory = psutil.virtual_memory().total / 2**30
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    rows = [COLUMNS, ("---",) * len(COLUMNS), *map(_cells, results)]
    machine = (
        f"{os.cpu_count()} cores, {memory:.0f} GiB, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}"
    )
    lines = (
        "# Results",
        "",
        "Written by `make bench`: ratios only. What is compared takes turns in one run,",
        "and a ratio is the median of the rounds' own.",
        "",
        f"Machine: {machine}.",
        f"PostgreSQL {server_version}, fsync on. {versions}.",
        "",
        *(f"| {' | '.join(row)} |" for row in rows),
        "",
    )
    return "\n".join(lines)


def _cells(result: Result) -> tuple[str, ...]:
    return (
        result.name,
        _short(result.ratio) + ("" if result.met else " (missed)"),
        f"{_short(result.rounds.least)} to {_short(result.rounds.most)}",
        f"{'≤' if result.at_most else '≥'} {result.target:g}",
        result.figure,
        result.of,
        result.over,
    )


def _short(ratio: float) -> str:
    return f"{ratio:.2f}" if ratio >= 1 else f"{ratio:.3f}"
