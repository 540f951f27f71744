"""Tokens: who may call the service."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Annotated, TypeAlias

import typer

from service.access.roles import Role
from service.access.tokens import Expires, Expiry, Token, Tokens
from service.cli.output import AsJson, err, print_json, print_rows
from service.cli.running import connected, run, run_connected
from service.settings import Settings

if TYPE_CHECKING:
    from service.database.engine import Pool

MOST_DAYS = 3650

app = typer.Typer(
    name="token", help="API tokens: make, list, revoke.", no_args_is_help=True, add_completion=False
)

OfficialOption: TypeAlias = Annotated[
    str | None, typer.Option("--official", metavar="ID", help="The official who acts in person.")
]
UnitOption: TypeAlias = Annotated[
    list[str] | None,
    typer.Option(
        "--unit",
        metavar="ID",
        help="The unit it stands for (authority, administrator) or inspects (inspector), with all "
        "below it; repeat for several, * for every unit of the ledger.",
    ),
]
LedgerOption: TypeAlias = Annotated[
    list[str] | None, typer.Option("--ledger", help="Only this ledger; repeat for several.")
]
ExpiresOption: TypeAlias = Annotated[
    str | None,
    typer.Option(
        "--expires",
        "--expires-in",
        metavar="DAYS|never",
        help="Days it is valid, or never; by default GIAOVIEC_TOKEN_DAYS.",
    ),
]


@app.command()
def create(  # noqa: PLR0913  one per option
    name: Annotated[str, typer.Argument(help="Who calls, such as portal-1: the actor of events.")],
    *,
    role: Annotated[Role, typer.Option(help="What the token may do.")],
    official: OfficialOption = None,
    unit: UnitOption = None,
    ledger: LedgerOption = None,
    expires: ExpiresOption = None,
    as_json: AsJson = False,
) -> None:
    """Make a token and print it: this is the only time its secret is shown."""
    ends = end_of(expires)

    async def made(settings: Settings) -> tuple[Token, str]:
        async with connected(settings) as pool:
            await require_ledgers(pool, ledger)
            tokens = Tokens(pool, lifetime=timedelta(days=settings.token_days))
            return await tokens.create(
                name,
                role,
                official_id=official,
                units=unit or (),
                ledgers=ledger,
                expires_at=ends,
            )

    token, text = run(made)
    if as_json:
        print_json({**described(token), "token": text})
        return
    err().print(f"Token {token.id} of {token.name} ({token.role.value}). Keep it: shown only now.")
    typer.echo(text)


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """Every token, without its secret; the revoked ones too."""
    rows = [described(token) for token in run_connected(lambda pool: Tokens(pool).list())]
    print_rows(rows, as_json=as_json, empty="No tokens. Make one: giaoviec token create --help")


@app.command()
def revoke(
    token_id: Annotated[str, typer.Argument(metavar="ID", help="From `giaoviec token list`.")],
) -> None:
    """End a token for good; every process knows within seconds."""
    token = run_connected(lambda pool: Tokens(pool).revoke(token_id))
    err().print(f"Token {token.id} of {token.name} is revoked.")


async def require_ledgers(pool: "Pool", named: Sequence[str] | None) -> None:
    """Require that every ledger that is named exists.

    Raises:
        LedgerUnknown.
    """
    from service.log.log import Log  # noqa: PLC0415  slow to load

    log = Log(pool)
    for ledger in named or ():
        await log.require_ledger(ledger)


def end_of(written: str | None) -> Expires:
    """When a token ends for which that is written."""
    if written is None:
        return Expiry.USUAL
    if written == Expiry.NEVER.value:
        return Expiry.NEVER
    if not written.isascii() or not written.isdigit() or not 1 <= int(written) <= MOST_DAYS:
        raise typer.BadParameter(f"--expires is 1 to {MOST_DAYS} days, or never")
    return datetime.now(UTC) + timedelta(days=int(written))


def described(token: Token) -> Mapping[str, object]:
    """The token as it is listed."""
    return {
        "id": token.id,
        "name": token.name,
        "role": token.role.value,
        "official": token.official_id,
        "units": list(token.units),
        "ledgers": None if token.ledgers is None else list(token.ledgers),
        "created_at": token.created_at.isoformat(timespec="seconds"),
        "expires_at": token.expires_at and token.expires_at.isoformat(timespec="seconds"),
        "revoked_at": token.revoked_at and token.revoked_at.isoformat(timespec="seconds"),
        "last_used_at": token.last_used_at and token.last_used_at.isoformat(timespec="seconds"),
    }
