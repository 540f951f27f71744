"""The command line: `giaoviec`. Exit codes: 0 done, 1 failed, 2 not understood.

The module of a command is imported when the command runs: most need the whole domain, and whoever
asks for help or for a token does not wait for it.
"""

import os
import sys
from importlib import import_module
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import Annotated, Any, NamedTuple

import typer
from typer._click import Command, Context
from typer.core import TyperCommand, TyperGroup
from typer.main import get_command


class Listed(NamedTuple):
    """A command, or a group of commands, as the list of commands shows it."""

    module: str
    attribute: str
    help: str


COMMANDS = {
    "serve": Listed(
        "serving",
        "serve",
        "Serve the API until SIGINT or SIGTERM, on the database given or on the embedded one.",
    ),
    "project": Listed(
        "serving",
        "project",
        "Keep the read models up to date until SIGINT or SIGTERM, where `serve` leaves that out.",
    ),
    "demo": Listed(
        "demo",
        "demo",
        "Load the samples and serve them until Ctrl-C. A second start finds them again.",
    ),
    "migrate": Listed(
        "serving",
        "migrate",
        "Bring the database's schema up to date; run it with the login that owns the database.",
    ),
    "restored": Listed(
        "restored",
        "restored",
        "Begin a new epoch of the log after a restore: cursors of before are refused from now on.",
    ),
    "import": Listed(
        "import_options",
        "import_",
        "Import a file. Rows recorded before are left as they are: run it again after mending it.",
    ),
    "imports": Listed("import_jobs", "app", "Files sent over HTTP: list, cancel."),
    "token": Listed("tokens", "app", "API tokens: make, list, revoke."),
    "official": Listed(
        "officials", "app", "Personal data: request-erasure, refuse-erasure, erase."
    ),
    "keys": Listed("keys", "app", "Keys of persons: list, rotate, check."),
    "identity": Listed("identities", "app", "Users of the OIDC provider: add, list, revoke."),
    "projections": Listed("projections", "app", "Read models: status, rebuild, verify."),
    "ledger": Listed("ledgers", "app", "Ledgers: open, list."),
    "data": Listed("data", "app", "The embedded database: where, remove."),
    "regulations": Listed(
        "regulations", "app", "Regulations as files: check, explain, diff, sample."
    ),
    "doctor": Listed(
        "doctor",
        "doctor",
        "Check the set-up and say how to mend it; exit code 1 if anything is wrong.",
    ),
}


SAMPLES = "demo"


class Commands(TyperGroup):
    """The commands. One of them is imported when it is called."""

    def __init__(self, **attributes: Any) -> None:  # noqa: ANN401  the library's
        super().__init__(**attributes)
        for name, listed in COMMANDS.items():
            if name == SAMPLES and find_spec("service.demo") is None:
                continue  # the image has no samples
            self.add_command(TyperCommand(name, help=listed.help))

    def resolve_command(
        self, ctx: Context, args: list[str]
    ) -> tuple[str | None, Command | None, list[str]]:
        """Return the command that is called."""
        name, command, rest = super().resolve_command(ctx, args)
        return name, command and _load(str(name)), rest

    def invoke(self, ctx: Context) -> object:
        """Run the command. A file or a folder that cannot be used is named in one line."""
        from service.cli.output import fail_of_system  # noqa: PLC0415  only a call needs it

        try:
            return super().invoke(ctx)
        except BrokenPipeError:
            raise
        except OSError as failure:
            _give_up_output()
            fail_of_system(failure)


def _give_up_output() -> None:
    """Let what could not be written go: at its end Python would try again, and fail with 120."""
    try:
        sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


app = typer.Typer(
    cls=Commands,
    name="giaoviec",
    help="Giao Việc: breakthrough tasks of officials, as a record that can be proved.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _show_version(wanted: bool) -> None:  # noqa: FBT001  an option's value
    if not wanted:
        return
    try:
        typer.echo(f"giaoviec {version('giaoviec')}")
    except PackageNotFoundError:
        typer.echo("giaoviec, run from its folder")
    raise typer.Exit


@app.callback()
def main(
    *,
    _version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_show_version, is_eager=True, help="Show the version and end."
        ),
    ] = False,
) -> None:
    """Giao Việc: breakthrough tasks of officials, as a record that can be proved."""


def _load(name: str) -> Command:
    """Import the command."""
    listed = COMMANDS[name]
    found = getattr(import_module(f"{__name__}.{listed.module}"), listed.attribute)
    if not isinstance(found, typer.Typer):
        alone = typer.Typer(add_completion=False)
        alone.command(name)(found)
        found = alone
    command = get_command(found)
    command.name = name
    return command
