"""Import: the command's options; what it does is loaded when it is called."""

from pathlib import Path
from typing import Annotated

import typer

from service.cli.import_request import Kind, Options
from service.cli.token_given import (
    ApproverTokenFile,
    TokenFile,
    given_approver_token,
    given_token,
)
from service.language import Language


def import_(  # noqa: PLR0913  the options
    kind: Annotated[Kind, typer.Argument(help="What the file lists.")],
    file: Annotated[
        Path, typer.Argument(exists=True, dir_okay=False, readable=True, help="CSV or XLSX.")
    ],
    *,
    ledger: Annotated[
        str, typer.Option("--ledger", envvar="GIAOVIEC_LEDGER", help="Where to record it.")
    ],
    token_file: TokenFile = None,
    approver_token_file: ApproverTokenFile = None,
    document: Annotated[
        tuple[str, str, str] | None,
        typer.Option(
            "--document",
            metavar="NUMBER DATE ISSUER",
            help="The act that a territory's rows cite, where they name none.",
        ),
    ] = None,
    effective_on: Annotated[
        str | None,
        typer.Option(
            "--effective-on",
            metavar="DATE",
            help="The day from which a list or table counts, where its rows give none.",
        ),
    ] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Decide on every row, and record nothing.")
    ] = False,
    language: Annotated[Language, typer.Option(help="Of the report: vi or en.")] = "vi",
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
    report_file: Annotated[
        Path | None, typer.Option("--report", help="Write the report to this CSV file, too.")
    ] = None,
) -> None:
    """Import a file. Rows recorded before are left as they are: run it again after mending it."""
    from service.cli.imports import import_file  # noqa: PLC0415  slow to load

    import_file(
        Options(
            kind,
            file,
            ledger,
            given_token(token_file),
            given_approver_token(approver_token_file),
            document,
            effective_on,
            dry_run,
            language,
            as_json,
            report_file,
        )
    )
