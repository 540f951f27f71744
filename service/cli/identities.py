"""Identities: who of an OIDC provider's users may call the service."""

from datetime import timedelta
from typing import Annotated

import typer

from service.access.identities import Identities
from service.access.roles import Role
from service.access.tokens import Token
from service.cli.output import AsJson, err, print_json, print_rows
from service.cli.running import connected, run, run_connected
from service.cli.tokens import (
    ExpiresOption,
    LedgerOption,
    OfficialOption,
    UnitOption,
    described,
    end_of,
    require_ledgers,
)
from service.settings import Misconfigured, Settings

app = typer.Typer(
    name="identity",
    help="Users of the OIDC provider: add, list, revoke.",
    no_args_is_help=True,
    add_completion=False,
)


@app.command()
def add(  # noqa: PLR0913  one per option
    subject: Annotated[str, typer.Argument(help="The user's `sub` at the provider.")],
    name: Annotated[str, typer.Argument(help="Who calls, such as portal-1: the actor of events.")],
    *,
    role: Annotated[Role, typer.Option(help="What the identity may do.")],
    issuer: Annotated[
        str | None, typer.Option(help="The provider; by default GIAOVIEC_OIDC_ISSUER.")
    ] = None,
    official: OfficialOption = None,
    unit: UnitOption = None,
    ledger: LedgerOption = None,
    expires: ExpiresOption = None,
    as_json: AsJson = False,
) -> None:
    """Let a user of the provider call, as whom its tokens are then taken."""
    ends = end_of(expires)

    async def added(settings: Settings) -> Token:
        provider = issuer or settings.oidc_issuer
        if provider is None:
            raise Misconfigured("name the provider: --issuer, or GIAOVIEC_OIDC_ISSUER")
        async with connected(settings) as pool:
            await require_ledgers(pool, ledger)
            identities = Identities(pool, lifetime=timedelta(days=settings.token_days))
            return await identities.add(
                provider,
                subject,
                name,
                role,
                official_id=official,
                units=unit or (),
                ledgers=ledger,
                expires_at=ends,
            )

    identity = run(added)
    if as_json:
        print_json(_row(identity))
        return
    err().print(f"{identity.subject} of {identity.issuer} is {identity.name} ({role.value}).")
    typer.echo(identity.id)


@app.command("list")
def list_(*, as_json: AsJson = False) -> None:
    """Every identity; the revoked ones too."""
    rows = [_row(one) for one in run_connected(lambda pool: Identities(pool).list())]
    print_rows(rows, as_json=as_json, empty="No identities. Add one: giaoviec identity add --help")


@app.command()
def revoke(
    identity_id: Annotated[
        str, typer.Argument(metavar="ID", help="From `giaoviec identity list`.")
    ],
) -> None:
    """End an identity for good; every process knows within seconds."""
    identity = run_connected(lambda pool: Identities(pool).revoke(identity_id))
    err().print(f"{identity.subject} of {identity.issuer} calls no more as {identity.name}.")


def _row(identity: Token) -> dict[str, object]:
    return {"issuer": identity.issuer, "subject": identity.subject, **described(identity)}
