"""Data: where the embedded database is, and its removal."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.output import AsJson, err, fail, print_rows
from service.cli.running import load
from service.database.embedded import EmbeddedPostgres, ServerInUse
from service.database.placement import ROOT_HOME, find_home, leftovers, remove_home, unnamed

app = typer.Typer(
    name="data",
    help="The embedded database: where, remove.",
    no_args_is_help=True,
    add_completion=False,
)


@app.command()
def where(*, as_json: AsJson = False) -> None:
    """The embedded database of the data folder, and those left over from removed data folders."""
    data_dir = load().data_dir.absolute()
    home = find_home(data_dir)
    rows = [] if home is None else [_row(home, str(data_dir))]
    rows += [_row(left, "gone") for left in leftovers()]
    rows += [
        _row(left, "unknown: an earlier version made it") for left in unnamed() if left != home
    ]
    empty = f"There is no embedded database in {data_dir}, and none is left over in {ROOT_HOME}."
    print_rows(rows, as_json=as_json, empty=empty)


@app.command()
def remove(
    *,
    left_over: Annotated[
        bool, typer.Option("--leftovers", help="Those whose data folder is gone, instead.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Remove the embedded database, or those left over; the record in it is lost."""
    data_dir = load().data_dir
    home = find_home(data_dir)
    homes = leftovers() if left_over else [] if home is None else [home]
    if not homes:
        err().print("There is nothing to remove.")
        return
    for one in homes:
        err().print(f"{one}: {_size_mib(one)} MiB")
    if not yes:
        typer.confirm("Remove the whole record in it?", abort=True, err=True)
    if left_over:
        for one in homes:
            remove_home(one)
    else:
        try:
            EmbeddedPostgres(data_dir).remove()
        except ServerInUse:
            fail(f"a service uses the database in {home}: stop it first.")
    err().print("Removed.")


def _row(home: Path, data_dir: str) -> dict[str, object]:
    return {"database": str(home), "data_folder": data_dir, "size_mib": _size_mib(home)}


def _size_mib(folder: Path) -> int:
    files = (path for path in folder.rglob("*") if path.is_file() and not path.is_symlink())
    return sum(path.stat().st_size for path in files) >> 20
