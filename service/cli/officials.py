"""Officials: the erasure of personal data, which one person asks for and another one decides."""

from typing import TYPE_CHECKING, Annotated, Any, NamedTuple, TypeAlias

import typer
from pydantic import ValidationError
from uuid_utils.compat import uuid7

from domain.kernel import Forbidden, Parameters
from domain.organisation.erasure import (
    EraseOfficial,
    ErasureCommand,
    RefuseErasure,
    RequestErasure,
)
from domain.organisation.events import ErasureGround, ErasureRefusal
from service.access.tokens import Tokens
from service.cli.output import err, fail
from service.cli.running import connected, run
from service.cli.token_given import GivenToken, TokenFile, given_token
from service.settings import Settings

if TYPE_CHECKING:
    from service.access.principals import Principal
    from service.requests import CommandRequest, Outcome

app = typer.Typer(
    name="official",
    help="Personal data: request-erasure, refuse-erasure, erase.",
    no_args_is_help=True,
    add_completion=False,
)

OfficialId: TypeAlias = Annotated[str, typer.Argument(metavar="OFFICIAL", help="By id.")]
LedgerId: TypeAlias = Annotated[
    str, typer.Option("--ledger", envvar="GIAOVIEC_LEDGER", help="In which ledger.")
]
Body: TypeAlias = Annotated[
    str | None, typer.Option("--on-behalf-of", metavar="UNIT", help="In whose name.")
]
Document: TypeAlias = Annotated[
    tuple[str, str, str],
    typer.Option("--document", metavar="NUMBER DATE ISSUER", help="The legal basis."),
]


class Said(NamedTuple):
    """A verb of an erasure: of whom, where, by whom, in whose name, on what document."""

    command: type[ErasureCommand[Any]]
    official_id: str
    ledger: str
    token: GivenToken
    body: str | None
    document: tuple[str, str, str]


@app.command("request-erasure")
def request_erasure(  # noqa: PLR0913  the options
    official: OfficialId,
    *,
    ground: Annotated[ErasureGround, typer.Option(help="On what ground of the law.")],
    ledger: LedgerId,
    document: Document,
    token_file: TokenFile = None,
    on_behalf_of: Body = None,
) -> None:
    """Ask to erase the official's personal data; a second person decides."""
    said = Said(RequestErasure, official, ledger, given_token(token_file), on_behalf_of, document)
    _tell(said, ground=ground)


@app.command("refuse-erasure")
def refuse_erasure(  # noqa: PLR0913  the options
    official: OfficialId,
    *,
    reason: Annotated[ErasureRefusal, typer.Option(help="Why the data is kept.")],
    ledger: LedgerId,
    document: Document,
    token_file: TokenFile = None,
    on_behalf_of: Body = None,
) -> None:
    """Refuse the erasure that was asked for."""
    said = Said(RefuseErasure, official, ledger, given_token(token_file), on_behalf_of, document)
    _tell(said, reason=reason)


@app.command()
def erase(  # noqa: PLR0913  the options
    official: OfficialId,
    *,
    ledger: LedgerId,
    document: Document,
    token_file: TokenFile = None,
    on_behalf_of: Body = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
) -> None:
    """Erase the official's personal data for good, as another person asked for."""
    if not yes:
        typer.confirm(f"Erase the personal data of {official} for good?", abort=True, err=True)
    said = Said(EraseOfficial, official, ledger, given_token(token_file), on_behalf_of, document)
    _tell(said)
    err().print("Backups hold the key until they expire: see docs/how-to/erase.md.")


def _tell(said: Said, **more: object) -> None:
    outcome = run(lambda settings: _recorded(settings, said, more))
    for position, kind in enumerate(outcome.types, outcome.position - len(outcome.types) + 1):
        err().print(f"{said.ledger} {position}: {kind} {said.official_id}")


async def _recorded(settings: Settings, said: Said, more: dict[str, object]) -> "Outcome":
    from domain.access.rules import called  # noqa: PLC0415  it names every command
    from service.access.entries import of_command, refused  # noqa: PLC0415  slow to load
    from service.cli.imports import (  # noqa: PLC0415  slow to load
        access_record,
        command_handler,
        principal_of,
    )

    params, subject = _params(said, more), f"official:{said.official_id}"
    async with connected(settings) as pool, access_record(settings, pool) as record:
        principal = await principal_of(Tokens(pool), said.token, record)
        entry = of_command(called(said.command), principal, said.ledger, subject)
        try:
            async with command_handler(settings, pool, dry_run=False) as commands:
                outcome = await commands.handle(_request(said, params, principal))
        except Forbidden as refusal:
            record.refused(refused(entry, type(refusal)))
            raise
        record.done(entry)
        return outcome


def _request(said: Said, params: Parameters, principal: "Principal") -> "CommandRequest":
    from service.requests import CommandRequest  # noqa: PLC0415  slow to load

    return CommandRequest(
        ledger=said.ledger,
        command=said.command,
        params=params,
        ids={"official_id": said.official_id},
        subject=f"official:{said.official_id}",
        actor=principal.actor,
        correlation_id=uuid7(),
        authority=principal.authority(said.command, said.ledger, in_name_of=said.body),
        client=principal.token_id,
    )


def _params(said: Said, more: dict[str, object]) -> Parameters:
    number, issued_on, issuing_body = said.document
    basis = {"number": number, "issued_on": issued_on, "issuing_body": issuing_body}
    try:
        return said.command.PARAMETERS.model_validate(
            {"on_behalf_of": said.body, "basis": basis, **more}
        )
    except ValidationError as error:
        first = error.errors()[0]
        fail(f"{'.'.join(map(str, first['loc']))}: {first['msg']}")
