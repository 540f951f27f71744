"""Import request: what the caller of the command asks for."""

from pathlib import Path
from typing import Literal, NamedTuple, TypeAlias

from service.cli.token_given import GivenToken
from service.language import Language

# As `FileKind` has them, whose module is slow to load.
Kind: TypeAlias = Literal["units", "posts", "officials", "tasks", "cases", "territory"]


class Options(NamedTuple):
    """What the caller asks for.

    Attributes:
        document: the number, day and issuer of the act that a territory's rows cite.
        effective_on: the day for rows that give none.
    """

    kind: Kind
    file: Path
    ledger: str
    token: GivenToken
    approver_token: GivenToken | None
    document: tuple[str, str, str] | None
    effective_on: str | None
    dry_run: bool
    language: Language
    as_json: bool
    report_file: Path | None
