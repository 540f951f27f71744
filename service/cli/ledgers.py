"""Ledgers: one log per authority."""

import re
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from domain.values import ID_PATTERN, Line
from service.cli.output import err, print_rows
from service.cli.running import connected, run
from service.log.events import Ledger
from service.log.log import Log
from service.settings import Settings

app = typer.Typer(name="ledger", help="Ledgers: open, list.", no_args_is_help=True)
LINE: TypeAdapter[str] = TypeAdapter(Line)


def _id(text: str) -> str:
    if re.fullmatch(ID_PATTERN, text) is None:
        raise typer.BadParameter("small letters, digits and - . _ only, 64 at most")
    return text


def _line(text: str) -> str:
    try:
        return LINE.validate_python(text)
    except ValidationError as error:
        raise typer.BadParameter(error.errors()[0]["msg"]) from error


@app.command()
def create(
    ledger: Annotated[
        str, typer.Argument(callback=_id, help="Its id in every address, such as tuyen-quang.")
    ],
    name: Annotated[
        str,
        typer.Argument(callback=_line, help='What the authority is called: "Tỉnh Tuyên Quang".'),
    ],
) -> None:
    """Open the log of an authority."""

    async def work(settings: Settings) -> None:
        async with connected(settings) as pool, Log(pool) as log:
            await log.create_ledger(ledger, name)

    run(work)
    err().print(f"Ledger {ledger} is open: /v1/{ledger}/…")


@app.command("list")
def list_(*, as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False) -> None:
    """Every ledger."""

    async def work(settings: Settings) -> list[Ledger]:
        async with connected(settings) as pool, Log(pool) as log:
            return await log.ledgers()

    rows = [ledger._asdict() for ledger in run(work)]
    print_rows(rows, as_json=as_json, empty="No ledgers. Open one: giaoviec ledger create --help")
