"""Token given: a command takes it from a file or the environment, never from its own words.

Everybody on the host can read the words of a command, and the shell keeps them.
"""

import os
from pathlib import Path
from typing import Annotated, NamedTuple, TypeAlias

import typer

CALLER, APPROVER = "GIAOVIEC_TOKEN", "GIAOVIEC_APPROVER_TOKEN"

TokenFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--token-file",
        metavar="FILE",
        help=f"What holds the token in whose name it is recorded, if {CALLER} does not.",
    ),
]
ApproverTokenFile: TypeAlias = Annotated[
    Path | None,
    typer.Option(
        "--approver-token-file",
        metavar="FILE",
        help="What holds the token of who approves and assigns tasks, if "
        f"{APPROVER} does not: whoever registers a task may not.",
    ),
]


class GivenToken(NamedTuple):
    """A token, and the file or the variable that it came from."""

    text: str
    source: str


def given_token(file: Path | None) -> GivenToken:
    """The token of whoever gives the command, of the file if there is one.

    Raises:
        BadParameter: there is none.
    """
    given = _given(file, CALLER)
    if given is None:
        raise typer.BadParameter(f"set {CALLER}, or name a file", param_hint="--token-file")
    return given


def given_approver_token(file: Path | None) -> GivenToken | None:
    """The token of whoever approves, if there is one."""
    return _given(file, APPROVER)


def _given(file: Path | None, variable: str) -> GivenToken | None:
    if file is None:
        text = os.environ.get(variable, "").strip()
        return GivenToken(text, variable) if text else None
    try:
        return GivenToken(file.read_text(encoding="utf-8").strip(), str(file))
    except (OSError, UnicodeDecodeError) as failure:
        raise typer.BadParameter(f"{file} cannot be read: {type(failure).__name__}") from None
