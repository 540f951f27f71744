"""Output: results go to standard output, messages about them to standard error."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, NoReturn, TypeAlias

import typer
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn
from rich.table import Table

FAILED = 1
WIDEST = 10_000

AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]


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
    print_table(list(rows[0]), (row.values() for row in rows))


def print_table(heads: Sequence[str], rows: Iterable[Iterable[object]]) -> None:
    """Print the table in full. People copy ids from it, so the window's width cuts nothing."""
    table = Table(*heads, box=None, pad_edge=False)
    for row in rows:
        table.add_row(*("" if value is None else escape(str(value)) for value in row))
    console = out()
    boundless = console.options.update(max_width=WIDEST)
    console.width = Measurement.get(console, boundless, table).maximum
    console.print(table)


def print_within(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print a table to be read: what the window is too narrow for goes on in the next line."""
    first, *others = heads
    table = Table(box=None, pad_edge=False)
    table.add_column(first, no_wrap=True)
    for head in others:
        table.add_column(head, overflow="fold")
    for row in rows:
        table.add_row(*map(escape, row))
    Console().print(table)


def progress(time: ProgressColumn, description: str = "{task.description}") -> Progress:
    """Return progress bars on standard error, which end with the time."""
    columns = (TextColumn(description), BarColumn(), MofNCompleteColumn(), time)
    return Progress(*columns, console=err())
