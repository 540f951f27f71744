"""Ledgers: one log per authority."""

import re
from typing import Annotated

import typer
from pydantic import TypeAdapter, ValidationError

from domain.values import ID_PATTERN, Line
from service.cli.output import AsJson, err, print_rows
from service.cli.running import run_connected
from service.log.log import Log

app = typer.Typer(
    name="ledger", help="Ledgers: open, list.", no_args_is_help=True, add_completion=False
)
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
    run_connected(lambda pool: Log(pool).create_ledger(ledger, name))
    err().print(f"Ledger {ledger} is open: /v1/{ledger}/…")


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """Every ledger."""
    rows = [ledger._asdict() for ledger in run_connected(lambda pool: Log(pool).ledgers())]
    print_rows(rows, as_json=as_json, empty="No ledgers. Open one: giaoviec ledger create --help")
