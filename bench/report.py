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

from bench.harness import Result, Spread

HERE = Path(__file__).parent
PACKAGES = ("asyncpg", "eventsourcing", "fastapi", "psycopg", "pydantic", "sqlalchemy", "uvicorn")
COLUMNS = ("figure", "ratio", "target", "ours", "theirs", "unit", "against")


def show(results: Sequence[Result]) -> None:
    """Print the table."""
    table = Table(*COLUMNS)
    for result in results:
        table.add_row(*_cells(result), style="green" if result.met else "red")
    Console().print(table)


def keep(results: Sequence[Result], server_version: str) -> None:
    """The ratios in `results.json`, and all of it in `RESULTS.md`."""
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
        "Written by `make bench`: taken in turns in one run, medians of rounds (least to most).",
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
        f"{result.ratio:.2f}" + ("" if result.met else " (missed)"),
        f"{'≤' if result.at_most else '≥'} {result.target:g}",
        _told(result.ours),
        "" if result.theirs is None else _told(result.theirs),
        result.unit,
        result.against,
    )


def _told(spread: Spread) -> str:
    return f"{_short(spread.median)} ({_short(spread.least)} to {_short(spread.most)})"


def _short(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 100 else f"{value:.2f}"  # noqa: PLR2004  three digits
