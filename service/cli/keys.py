"""Keys: which master keys wrap the keys of persons, their rotation, and what cannot be opened."""

import typer
from rich.progress import TimeRemainingColumn

from service.cli.output import FAILED, AsJson, err, print_rows, progress
from service.cli.running import connected, run
from service.log.master_keys import MasterKeys
from service.settings import Settings

app = typer.Typer(
    name="keys",
    help="Keys of persons: list, rotate, check.",
    no_args_is_help=True,
    add_completion=False,
)


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """Every master key by its id: whether it is here, and how many keys it wraps."""
    from service.log.rotation import counted  # noqa: PLC0415  slow to load

    async def work(settings: Settings) -> list[dict[str, object]]:
        master_keys = MasterKeys(settings.load_master_keys())
        async with connected(settings) as pool:
            wrapped = await counted(pool)
        named = [*master_keys.ids, *(one for one in wrapped if one not in master_keys.ids)]
        return [
            {
                "master_key": one or "not named",
                "state": _state(master_keys, one),
                "keys": wrapped.get(one, 0),
            }
            for one in named
        ]

    print_rows(run(work), as_json=as_json, empty="There is no master key.")


@app.command("rotate")
def rotate_() -> None:
    """Wrap every key with the first master key. Run it again if it was interrupted."""
    from service.access.entries import operated  # noqa: PLC0415  slow to load
    from service.log.rotation import counted, require_master_keys, rotate  # noqa: PLC0415  slow

    async def work(settings: Settings) -> int:
        master_keys = MasterKeys(settings.load_master_keys())
        async with connected(settings) as pool:
            await require_master_keys(pool, master_keys)
            await operated(pool, "rotate_keys")
            left = (await counted(pool)).items()
            total = sum(keys for key, keys in left if key != master_keys.current)
            damaged = 0
            with progress(TimeRemainingColumn()) as bars:
                bar = bars.add_task(master_keys.current, total=total)
                async for part in rotate(pool, master_keys):
                    bars.advance(bar, part.wrapped + len(part.unreadable))
                    for ledger, subject in part.unreadable:
                        err().print(f"The key of {subject} in {ledger} is damaged: it was left.")
                    damaged += len(part.unreadable)
        return damaged

    if run(work):
        raise typer.Exit(FAILED)
    err().print("Every key is wrapped by the first master key: the others may be removed.")


@app.command()
def check(*, as_json: AsJson = False) -> None:
    """Open all personal data that was not erased; exit code 1 if any cannot be read."""
    from service.access.entries import operated  # noqa: PLC0415  slow to load
    from service.log.codec import Codec  # noqa: PLC0415  slow to load
    from service.log.rotation import require_master_keys  # noqa: PLC0415  slow to load
    from service.log.sealing import PersonKeys  # noqa: PLC0415  slow to load
    from service.log.unreadable import unreadable  # noqa: PLC0415  slow to load

    async def work(settings: Settings) -> list[dict[str, object]]:
        master_keys = MasterKeys(settings.load_master_keys())
        async with connected(settings) as pool:
            await require_master_keys(pool, master_keys)
            await operated(pool, "check_keys")
            codec = Codec(PersonKeys(pool, master_keys))
            return [place._asdict() async for place in unreadable(pool, codec)]

    damaged = run(work)
    print_rows(damaged, as_json=as_json, empty="All that was not erased can be read.")
    if damaged:
        raise typer.Exit(FAILED)


def _state(master_keys: MasterKeys, key: str | None) -> str:
    if key is None:
        return "from before master keys had ids"
    if key == master_keys.current:
        return "current"
    return "opens" if key in master_keys.ids else "missing"
