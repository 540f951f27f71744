"""Projections: commands that show, rebuild and verify the read models."""

from collections.abc import Callable, Coroutine
from dataclasses import asdict
from functools import partial
from typing import TYPE_CHECKING, Annotated, TypeVar

import typer
from rich.progress import Progress, TaskID, TimeRemainingColumn

from service.cli.output import FAILED, AsJson, err, print_rows, progress
from service.cli.running import run_connected

if TYPE_CHECKING:
    from service.database.engine import Pool
    from service.read_models.projector import Projector
    from service.read_models.rebuild import Verified

Result = TypeVar("Result")

app = typer.Typer(
    name="projections",
    help="Read models: status, rebuild, verify.",
    no_args_is_help=True,
    add_completion=False,
)


def _names() -> tuple[str, ...]:
    """The read models that there are."""
    from projections import PROJECTIONS  # noqa: PLC0415  slow to load

    return tuple(projection.name for projection in PROJECTIONS)


def _known(name: str | None) -> str | None:
    if name is not None and name not in _names():
        raise typer.BadParameter(f"there are: {', '.join(_names())}")
    return name


Name = Annotated[
    str | None, typer.Argument(metavar="NAME", callback=_known, help="One of them; else all.")
]


@app.command()
def status(*, as_json: AsJson = False) -> None:
    """Where every read model stands; exit code 1 if one is stopped."""
    standings = _run(lambda projector: projector.status())
    rows = [asdict(standing) for standing in standings]
    print_rows(rows, as_json=as_json, empty="No ledgers yet: nothing to project.")
    if any(standing.state == "stopped" for standing in standings):
        raise typer.Exit(FAILED)


@app.command()
def rebuild(name: Name = None) -> None:
    """Build read models anew from the log, beside those that serve, and swap them in."""

    async def work(projector: "Projector") -> None:
        from service.read_models.loaders import Loaders  # noqa: PLC0415  slow to load

        with progress(TimeRemainingColumn(), "{task.description:18}") as bars:
            told = partial(_advance, bars, bars.add_task(name or "all", total=None))
            async with Loaders() as loaders:
                if name:
                    await projector.rebuild(name, told, loaders)
                else:
                    for why in (await projector.rebuild_all(told, loaders)).values():
                        raise why

    _run(work)


@app.command()
def verify(name: Name = None, *, as_json: AsJson = False) -> None:
    """Fold the log again and compare; exit code 1 if a row differs."""

    async def work(projector: "Projector") -> "list[Verified]":
        return await (projector.verify(name) if name else projector.verify_all())

    verified = _run(work)
    rows = [{**asdict(one), "equal": not one.differing} for one in verified]
    print_rows(rows, as_json=as_json, empty="No ledgers yet: nothing to verify.")
    if any(one.differing for one in verified):
        err().print("Rows differ from the log. Rebuild: giaoviec projections rebuild NAME")
        raise typer.Exit(FAILED)


def _advance(bars: Progress, bar: TaskID, done: int, total: int) -> None:
    bars.update(bar, completed=done, total=total)


def _run(work: Callable[["Projector"], Coroutine[None, None, Result]]) -> Result:
    """Run the work with a projector that is ready."""
    from service.log.log import Log  # noqa: PLC0415  slow to load
    from service.read_models.projector import Projector  # noqa: PLC0415  slow to load

    async def with_projector(pool: "Pool") -> Result:
        async with Log(pool) as log:
            projector = Projector(pool, log)
            await projector.prepare()
            return await work(projector)

    return run_connected(with_projector)
