"""Restored: the operator tells that the log was restored, so that a new epoch begins."""

from datetime import datetime
from typing import Annotated

import typer

from service.cli.output import AsJson, err, print_rows
from service.cli.running import connected, run
from service.settings import Settings

COMMON = """
SELECT h.key AS ledger, h.value::bigint AS last_common_position
FROM log.epochs e, jsonb_each_text(e.heads) h
WHERE e.epoch = $1
ORDER BY h.key
"""


def restored(
    at: Annotated[
        str | None,
        typer.Option(
            help="When it was restored, such as 2026-11-26T10:00:00+07:00, if events have been "
            "recorded since.",
        ),
    ] = None,
    *,
    as_json: AsJson = False,
) -> None:
    """Begin a new epoch of the log after a restore: cursors of before are refused from now on."""
    instant = None if at is None else _instant(at)

    from service.log.epochs import Epochs  # noqa: PLC0415  slow to load

    async def work(settings: Settings) -> tuple[str, list[dict[str, object]]]:
        async with connected(settings) as pool:
            epoch = await Epochs(pool, file=settings.seen_path).restored(instant)
            return epoch, [dict(row) for row in await pool.fetch(COMMON, epoch)]

    epoch, rows = run(work)
    err().print(f"Epoch {epoch} has begun. With the one before it has in common, of each ledger:")
    print_rows(rows, as_json=as_json, empty="There are no ledgers.")


def _instant(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise typer.BadParameter(str(error)) from error
    if at.tzinfo is None:
        raise typer.BadParameter("it says no offset, such as in 2026-11-26T10:00:00+07:00")
    return at
