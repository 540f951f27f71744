"""Output: results go to standard output, messages about them to standard error."""

import json
import sys
from collections.abc import Iterable, Mapping, Sequence
from typing import Annotated, Any, NoReturn, TypeAlias

import typer
from rich.console import Console
from rich.markup import escape
from rich.measure import Measurement
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, TextColumn
from rich.table import Table
from rich.text import Text

from service.terminal import harmless, harmless_json

FAILED = 1
WIDEST = 10_000

AsJson: TypeAlias = Annotated[bool, typer.Option("--json", help="Print JSON.")]


class Harmless(Console):
    """A console that shows every text that it is given, and obeys none."""

    def render_str(self, text: str, **how: Any) -> Text:  # noqa: ANN401  passed on
        """Return the text as it is shown."""
        return super().render_str(harmless(text), **how)


def err() -> Console:
    """Return a console on standard error as it is now: tests replace the stream."""
    return Harmless(stderr=True, soft_wrap=True)


def out() -> Console:
    """Return a console on standard output as it is now."""
    return Harmless(soft_wrap=True)


def fail(message: str) -> NoReturn:
    """Print the message and end with exit code 1."""
    err().print(f"[bold red]giaoviec:[/] {escape(message)}")
    raise typer.Exit(FAILED)


def fail_of_system(failure: OSError) -> NoReturn:
    """Fail by what the system says of it: a file that cannot be used, a database that is away."""
    # A time that ran out says nothing of itself.
    why = str(failure) or "what was asked, such as the database, did not answer in time"
    fail(f"{why}. `giaoviec doctor` says what may be wrong.")


def print_json(document: object) -> None:
    """Print one JSON document on standard output."""
    written = json.dumps(document, ensure_ascii=False, default=str, indent=2)
    sys.stdout.write(f"{harmless_json(written)}\n")
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
    Harmless().print(table)


def progress(time: ProgressColumn, description: str = "{task.description}") -> Progress:
    """Return progress bars on standard error, which end with the time."""
    columns = (TextColumn(description), BarColumn(), MofNCompleteColumn(), time)
    return Progress(*columns, console=err())
