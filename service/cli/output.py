"""Output: results go to standard output, messages about them to standard error."""

import json
import sys
from collections.abc import Mapping, Sequence
from typing import NoReturn

import typer
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.table import Table

FAILED = 1
WIDEST = 10_000


def err() -> Console:
    """Return a console on standard error as it is now: tests replace the stream."""
    return Console(stderr=True, soft_wrap=True)


def out() -> Console:
    """Return a console on standard output as it is now."""
    return Console(soft_wrap=True)


def fail(message: str) -> NoReturn:
    """Print the message and end with exit code 1."""
    err().print(f"[bold red]giaoviec:[/] {escape(message)}")
    raise typer.Exit(FAILED)


def print_json(document: object) -> None:
    """Print one JSON document on standard output."""
    sys.stdout.write(json.dumps(document, ensure_ascii=False, default=str, indent=2) + "\n")
    sys.stdout.flush()


def print_rows(rows: Sequence[Mapping[str, object]], *, as_json: bool, empty: str) -> None:
    """Print rows of one shape, as JSON or as a table."""
    if as_json:
        print_json(list(rows))
        return
    if not rows:
        err().print(empty)
        return
    table = Table(*rows[0], box=None, pad_edge=False)
    for row in rows:
        table.add_row(*("" if value is None else escape(str(value)) for value in row.values()))
    print_table(table)


def print_table(table: Table) -> None:
    """Print the table in full. People copy ids from it, so the window's width cuts nothing."""
    console = out()
    boundless = console.options.update(max_width=WIDEST)
    console.width = Measurement.get(console, boundless, table).maximum
    console.print(table)
