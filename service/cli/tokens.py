"""Tokens: who may call the service."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer

from service.access.roles import Role
from service.access.tokens import Token, Tokens
from service.cli.output import AsJson, err, print_json, print_rows
from service.cli.running import run_connected

app = typer.Typer(
    name="token", help="API tokens: make, list, revoke.", no_args_is_help=True, add_completion=False
)


@app.command()
def create(  # noqa: PLR0913  one per option
    name: Annotated[str, typer.Argument(help="Who calls, such as portal-1: the actor of events.")],
    *,
    role: Annotated[Role, typer.Option(help="What the token may do.")],
    official: Annotated[
        str | None, typer.Option(metavar="ID", help="The official who acts with it in person.")
    ] = None,
    ledger: Annotated[
        list[str] | None, typer.Option(help="Only this ledger; repeat for several.")
    ] = None,
    expires_in: Annotated[
        int | None, typer.Option(metavar="DAYS", min=1, max=3650, help="Days it is valid.")
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a token and print it: this is the only time its secret is shown."""
    expires_at = None if expires_in is None else datetime.now(UTC) + timedelta(days=expires_in)
    token, text = run_connected(
        lambda pool: Tokens(pool).create(
            name, role, official_id=official, ledgers=ledger, expires_at=expires_at
        )
    )
    if as_json:
        print_json({**_row(token), "token": text})
        return
    err().print(f"Token {token.id} of {token.name} ({token.role.value}). Keep it: shown only now.")
    typer.echo(text)


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """Every token, without its secret; the revoked ones too."""
    rows = [_row(token) for token in run_connected(lambda pool: Tokens(pool).list())]
    print_rows(rows, as_json=as_json, empty="No tokens. Make one: giaoviec token create --help")


@app.command()
def revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="From `giaoviec token list`.")],
) -> None:
    """End a token for good; every process knows within seconds."""
    token = run_connected(lambda pool: Tokens(pool).revoke(token_id))
    err().print(f"Token {token.id} of {token.name} is revoked.")


def _row(token: Token) -> Mapping[str, object]:
    return {
        "id": token.id,
        "name": token.name,
        "role": token.role.value,
        "official": token.official_id,
        "ledgers": None if token.ledgers is None else list(token.ledgers),
        "created_at": token.created_at.isoformat(timespec="seconds"),
        "expires_at": token.expires_at and token.expires_at.isoformat(timespec="seconds"),
        "revoked_at": token.revoked_at and token.revoked_at.isoformat(timespec="seconds"),
        "last_used_at": token.last_used_at and token.last_used_at.isoformat(timespec="seconds"),
    }
