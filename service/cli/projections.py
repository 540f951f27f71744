"""Projections: commands that show, rebuild and verify the read models."""

from dataclasses import asdict
from functools import partial
from typing import Annotated

import typer
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from projections import PROJECTIONS
from service.cli.output import FAILED, err, print_rows
from service.cli.running import connected, run
from service.log.log import Log
from service.read_models.projector import Projector, Standing
from service.read_models.rebuild import Verified
from service.settings import Settings

app = typer.Typer(
    name="projections", help="Read models: status, rebuild, verify.", no_args_is_help=True
)
NAMES = tuple(projection.name for projection in PROJECTIONS)


def _known(name: str | None) -> str | None:
    if name is not None and name not in NAMES:
        raise typer.BadParameter(f"there are: {', '.join(NAMES)}")
    return name


Name = Annotated[
    str | None, typer.Argument(metavar="NAME", callback=_known, help="One of them; else all.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON.")]


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Where every read model stands; exit code 1 if one is stopped."""

    async def work(settings: Settings) -> list[Standing]:
        async with connected(settings) as pool, Log(pool) as log:
            projector = Projector(pool, log)
            await projector.prepare()
            return await projector.status()

    standings = run(work)
    rows = [asdict(standing) for standing in standings]
    print_rows(rows, as_json=as_json, empty="No ledgers yet: nothing to project.")
    if any(standing.state == "stopped" for standing in standings):
        raise typer.Exit(FAILED)


@app.command()
def rebuild(name: Name = None) -> None:
    """Build read models anew from the log, beside those that serve, and swap them in."""

    async def work(settings: Settings) -> None:
        async with connected(settings) as pool, Log(pool) as log:
            projector = Projector(pool, log)
            await projector.prepare()
            with _bars() as bars:
                for chosen in (name,) if name else NAMES:
                    bar = bars.add_task(chosen, total=None)

                    await projector.rebuild(chosen, partial(_advance, bars, bar))

    run(work)


@app.command()
def verify(name: Name = None, *, as_json: AsJson = False) -> None:
    """Fold the log again and compare; exit code 1 if a row differs."""

    async def work(settings: Settings) -> list[Verified]:
        async with connected(settings) as pool, Log(pool) as log:
            projector = Projector(pool, log)
            await projector.prepare()
            return [
                verified
                for chosen in ((name,) if name else NAMES)
                for verified in await projector.verify(chosen)
            ]

    verified = run(work)
    rows = [{**asdict(one), "equal": not one.differing} for one in verified]
    print_rows(rows, as_json=as_json, empty="No ledgers yet: nothing to verify.")
    if any(one.differing for one in verified):
        err().print("Rows differ from the log. Rebuild: giaoviec projections rebuild NAME")
        raise typer.Exit(FAILED)


def _advance(bars: Progress, bar: TaskID, done: int, total: int) -> None:
    bars.update(bar, completed=done, total=total)


def _bars() -> Progress:
    return Progress(
        TextColumn("{task.description:18}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
        console=err(),
    )
