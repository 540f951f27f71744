"""Given addresses of databases: with their passwords they may come from a file or a command."""

from collections.abc import Mapping
from pathlib import Path
from subprocess import SubprocessError
from typing import Annotated, Any

from pydantic import Field, model_validator

from service.bounds import Bounds
from service.given import printed

PATTERN = r"^postgres(ql)?://"


class GivenUrls(Bounds):
    """Those of the settings that name a database, and where such an address stands instead."""

    database_url: Annotated[
        str | None,
        Field(
            validation_alias="DATABASE_URL",
            pattern=PATTERN,
            description="PostgreSQL 15 or later, such as postgresql://user:password@host/name. "
            "Unset: an embedded PostgreSQL, for trial and tests only.",
        ),
    ] = None
    database_url_file: Annotated[
        Path | None,
        Field(description="The file that holds `DATABASE_URL` instead, in its first line."),
    ] = None
    database_url_command: Annotated[
        str | None,
        Field(
            description="The command that prints `DATABASE_URL` instead, as a vault's client does; "
            "it is run at the start, without a shell."
        ),
    ] = None
    migration_url: Annotated[
        str | None,
        Field(
            pattern=PATTERN,
            description="The same database with the login that owns it, for `giaoviec migrate`; "
            "the service itself does not need it. Unset: the login of DATABASE_URL migrates.",
        ),
    ] = None
    migration_url_file: Annotated[
        Path | None, Field(description="The file that holds `GIAOVIEC_MIGRATION_URL` instead.")
    ] = None
    migration_url_command: Annotated[
        str | None, Field(description="The command that prints `GIAOVIEC_MIGRATION_URL` instead.")
    ] = None

    @model_validator(mode="before")
    @classmethod
    def _are_given(cls, values: dict[str, Any]) -> dict[str, Any]:
        for field, name in (("database_url", "DATABASE_URL"), ("migration_url", "migration_url")):
            places = [f"{field}_file", f"{field}_command"]
            given = [one for one in (name, field, *places) if values.get(one) is not None]
            if len(set(given)) > 1:
                raise ValueError(f"{' and '.join(map(_variable, given))} are set: set one of them")
            if given and given[0] in places:
                values = {**values, name: _found(given[0], values)}
        return values


def _variable(key: str) -> str:
    return key if key.isupper() else f"GIAOVIEC_{key.upper()}"


def _found(key: str, values: Mapping[str, Any]) -> str:
    """The address, which no message shows.

    Raises:
        ValueError: it is not there.
    """
    try:
        if key.endswith("_file"):
            text = Path(values[key]).read_text(encoding="utf-8")
        else:
            text = printed(str(values[key]))
        return text.strip().splitlines()[0]
    except (OSError, ValueError, IndexError, SubprocessError) as error:
        raise ValueError(
            f"{_variable(key)} gives no address of a database: {type(error).__name__}"
        ) from None
