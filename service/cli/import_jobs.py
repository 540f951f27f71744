"""Import jobs: commands about the files that were sent over HTTP."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from service.cli.output import AsJson, err, fail, print_rows
from service.cli.running import connected, run

if TYPE_CHECKING:
    from service.database.engine import Pool
    from service.imports.jobs import Job, Jobs
    from service.settings import Settings

app = typer.Typer(
    name="imports",
    help="Files sent over HTTP: list, cancel.",
    no_args_is_help=True,
    add_completion=False,
)
OfLedger = Annotated[
    str, typer.Option("--ledger", envvar="GIAOVIEC_LEDGER", help="The ledger they were sent to.")
]
SHOWN = ("job", "kind", "state", "rows_total", "rows_done", "imported", "refused", "created_at")


@app.command("list")
def list_(ledger: OfLedger, *, as_json: AsJson = False) -> None:
    """The last files sent to the ledger, the newest first."""

    async def work(settings: "Settings") -> "list[Job]":
        async with connected(settings) as pool:
            return await _jobs(settings, pool).latest(ledger)

    rows = [{name: getattr(job, name) for name in SHOWN} for job in run(work)]
    print_rows(rows, as_json=as_json, empty="No file was sent to this ledger.")


@app.command()
def cancel(job: Annotated[UUID, typer.Argument(help="Its id.")], ledger: OfLedger) -> None:
    """Cancel an import. One that runs ends within seconds; what it recorded stays."""
    from domain.kernel import Refusal  # noqa: PLC0415  slow to load
    from service.imports.endings import Endings  # noqa: PLC0415  slow to load

    async def work(settings: "Settings") -> str:
        async with connected(settings) as pool:
            jobs = _jobs(settings, pool)
            found = await jobs.find(ledger, job)
            await Endings(pool, settings.import_findings_days).cancel(found)
            return (await jobs.find(ledger, job)).state

    try:
        state = run(work)
    except Refusal as refusal:
        fail(refusal.detail("en"))
    err().print(f"Import {job} is {'cancelled' if state == 'cancelled' else 'about to end'}.")


def _jobs(settings: "Settings", pool: "Pool") -> "Jobs":
    from service.imports.jobs import Jobs  # noqa: PLC0415  slow to load
    from service.log.master_keys import MasterKeys  # noqa: PLC0415  slow to load
    from service.log.sealing import PersonKeys  # noqa: PLC0415  slow to load

    return Jobs(pool, PersonKeys(pool, MasterKeys(settings.load_master_keys())))
