"""Settings: the operator's choices, read from the environment once at the start."""

import re
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import Field, SecretStr, ValidationInfo, field_validator, model_validator
from pydantic_settings import NoDecode, SettingsConfigDict

from service.addresses import is_safe
from service.given_keys import (
    NO_MASTER_KEY,
    decoded_all,
    printed_master_keys,
    read_master_keys,
    stored_master_key,
)
from service.given_urls import GivenUrls
from service.misconfigured import Misconfigured

__all__ = ["Misconfigured", "Settings", "variable"]

# A scheme, a host and perhaps a port: as browsers send it, without a path.
ORIGIN = re.compile(r"\*|[a-z][a-z0-9+.-]*://[a-z0-9.\[\]:-]+")
# What a path of ours begins with. A prefix that does could not be told from it.
OWN_ADDRESSES = frozenset({"v1", "docs", "problems", "healthz", "readyz", "metrics"})


class Settings(GivenUrls):
    """The environment's `GIAOVIEC_*` variables, and `DATABASE_URL`."""

    model_config = SettingsConfigDict(
        env_prefix="GIAOVIEC_", frozen=True, extra="ignore", validate_by_name=True
    )

    owner_serves: Annotated[
        bool,
        Field(
            description="Whether the service starts, with a warning, with the login that owns the "
            "database. Any other login that may do more than the service needs is refused."
        ),
    ] = True
    replica_url: Annotated[
        str | None,
        Field(
            pattern=r"^postgres(ql)?://[^,]*$",
            description="A hot standby of the database, from which lists, figures and the feed "
            "are read. Unset: the database itself answers.",
        ),
    ] = None
    databases: Annotated[
        tuple[tuple[str, str], ...],
        NoDecode,
        Field(
            description="Other databases, and which ledgers stand there: `PATTERN=URL`, separated "
            "by blanks, such as `province-1*=postgresql://host/name`. The first pattern that "
            "matches a ledger's name counts; all other ledgers, and the tokens, stand in that of "
            "`DATABASE_URL`. Unset: there is no other."
        ),
    ] = ()
    data_dir: Annotated[
        Path,
        Field(description="The folder of the embedded PostgreSQL and of its generated master key."),
    ] = Path(".data")
    seen_file: Annotated[
        Path | None,
        Field(
            description="The file in which a process keeps how far it has seen each ledger, so "
            "that its next start notices a log that was set back. Unset: `seen.json` in "
            "`GIAOVIEC_DATA_DIR`."
        ),
    ] = None
    embedded_fsync: Annotated[
        bool,
        Field(description="Whether the embedded PostgreSQL waits for the disk; only tests do not."),
    ] = True
    master_key: Annotated[
        SecretStr | None,
        Field(
            description="The master key, which seals the keys of persons: 32 bytes in base64. Of "
            "several, with commas between them, the first seals and the others only open. With "
            "DATABASE_URL it is given here, in a file or by a command; otherwise it is generated "
            "into the data folder."
        ),
    ] = None
    master_key_file: Annotated[
        Path | None,
        Field(description="The file that holds the master keys instead, one a line."),
    ] = None
    master_key_command: Annotated[
        str | None,
        Field(
            description="The command that prints the master keys instead, one a line; it is run "
            "at the start, without a shell."
        ),
    ] = None
    token_days: Annotated[
        int,
        Field(
            ge=1,
            le=3650,
            description="For how many days a token is valid that is made without `--expires`.",
        ),
    ] = 90
    trusted_proxies: Annotated[
        str,
        Field(
            description="Addresses or networks, by commas, of the proxies whose `X-Forwarded-For` "
            "tells the caller's address. Empty: the caller is who connects.",
        ),
    ] = "127.0.0.1,::1"
    oidc_issuer: Annotated[
        str | None,
        Field(
            description="The OIDC provider whose access tokens (RFC 9068) are accepted, exactly as "
            "it names itself. Unset: only API tokens are.",
        ),
    ] = None
    oidc_audience: Annotated[
        str | None,
        Field(
            min_length=1,
            description="Whom the provider's access tokens must be for: what this service is "
            "called there. Required with `GIAOVIEC_OIDC_ISSUER`.",
        ),
    ] = None
    oidc_keys_url: Annotated[
        str | None,
        Field(
            description="Where the provider's keys are (JWKS). Unset: where its own description "
            "at `/.well-known/openid-configuration` says.",
        ),
    ] = None
    host: Annotated[str, Field(description="The address to listen on.")] = "127.0.0.1"
    port: Annotated[
        int, Field(ge=0, le=65535, description="The port to listen on; 0 takes a free one.")
    ] = 8090
    tls_certificate_file: Annotated[
        Path | None,
        Field(
            description="The file of the certificate with which the service speaks TLS itself, "
            "with those between it and its authority. Unset: it speaks plain HTTP, to a proxy on "
            "its host."
        ),
    ] = None
    tls_key_file: Annotated[
        Path | None,
        Field(description="The file of that certificate's key, which nobody else may read."),
    ] = None
    operations_port: Annotated[
        int | None,
        Field(
            ge=1,
            le=65535,
            description="A port of its own for probes and scrapers: `/healthz`, `/readyz`, "
            "`/readyz/details` and `/metrics`, without a token. Unset: there is none.",
        ),
    ] = None
    operations_host: Annotated[
        str,
        Field(description="The address to listen on there; let nobody else reach it."),
    ] = "127.0.0.1"
    root_path: Annotated[
        str,
        Field(
            pattern=r"^((/[A-Za-z0-9._~-]+)+)?$",
            description="The prefix below which a reverse proxy serves the API, such as "
            "`/giaoviec`, whether the proxy strips it or not.",
        ),
    ] = ""
    cors_origins: Annotated[
        tuple[str, ...],
        NoDecode,
        Field(
            description="Origins whose pages may use the API from a browser, separated by blanks "
            "or commas, such as `https://portal.example.vn`; `*` is any. Unset: none."
        ),
    ] = ()
    docs_page: Annotated[
        bool,
        Field(description="Whether `/docs` shows the API's description to read and to try."),
    ] = True
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Field(description="The least severe log line that is written."),
    ] = "info"
    log_format: Annotated[
        Literal["json", "console"],
        Field(description="Log lines as JSON objects, or as columns for people."),
    ] = "console"
    standstill_seconds: Annotated[
        float,
        Field(
            ge=1,
            le=3600,
            description="A read model that lacks events of its log and has not moved for so many "
            "seconds stands still, and `/readyz/details` says so.",
        ),
    ] = 10.0
    projector: Annotated[
        bool,
        Field(
            description="Whether `giaoviec serve` keeps the read models up to date as well. Where "
            "it does not, `giaoviec project` does, in a process of its own."
        ),
    ] = True

    @property
    def seen_path(self) -> Path:
        """The file in which a process keeps how far it has seen each ledger."""
        return self.seen_file or self.data_dir / "seen.json"

    def of_other(self, pattern: str, url: str) -> Self:
        """The same for the database of the ledgers of the pattern. It has no replica."""
        name = re.sub(r"[^a-z0-9-]", "_", pattern)
        seen = self.seen_path.with_name(f"{self.seen_path.stem}-{name}.json")
        update = {"database_url": url, "databases": (), "replica_url": None, "seen_file": seen}
        return self.model_copy(update=update)

    @property
    def owner_url(self) -> str | None:
        """The database with the login that migrates it; None where it is the embedded one."""
        return self.migration_url or self.database_url

    @field_validator("migration_url", "replica_url")
    @classmethod
    def _is_beside_a_database(cls, value: str | None, others: ValidationInfo) -> str | None:
        if value is not None and others.data.get("database_url") is None:
            raise ValueError("goes with DATABASE_URL, which is not set")
        return value

    @field_validator("databases", mode="before")
    @classmethod
    def _are_pairs(cls, value: object) -> object:
        if not isinstance(value, str):
            return value
        return tuple(tuple(pair.split("=", 1)) for pair in value.split())

    @field_validator("databases")
    @classmethod
    def _are_databases(cls, value: tuple[tuple[str, str], ...], others: ValidationInfo) -> object:
        for pattern, url in value:
            if re.fullmatch(r"[a-z0-9*?._-]+", pattern) is None:
                raise ValueError(f"{pattern} is no pattern of ledgers such as province-1*")
            if re.match(r"postgres(ql)?://", url) is None:
                raise ValueError(f"what stands behind {pattern}= is no address of a database")
        if value and others.data.get("database_url") is None:
            raise ValueError("goes with DATABASE_URL, which is not set")
        return value

    @field_validator("root_path")
    @classmethod
    def _is_no_address_of_ours(cls, value: str) -> str:
        if value.split("/")[1:2] and value.split("/")[1] in OWN_ADDRESSES:
            raise ValueError("begins as an address of the service itself does; choose another")
        return value

    @field_validator("cors_origins", mode="before")
    @classmethod
    def _are_separated(cls, value: object) -> object:
        return tuple(value.replace(",", " ").split()) if isinstance(value, str) else value

    @field_validator("cors_origins")
    @classmethod
    def _are_origins(cls, value: tuple[str, ...]) -> tuple[str, ...]:
        for origin in value:
            if ORIGIN.fullmatch(origin) is None:
                raise ValueError(f"{origin} is no origin such as https://portal.example.vn")
        return value

    @field_validator("oidc_issuer", "oidc_keys_url")
    @classmethod
    def _is_safe(cls, value: str | None) -> str | None:
        if value is not None and not is_safe(value):
            raise ValueError("is https, or http on this host only")
        return value

    @field_validator("trusted_proxies")
    @classmethod
    def _are_networks(cls, value: str) -> str:
        for written in filter(None, map(str.strip, value.split(","))):
            ip_network(written)
        return value

    @model_validator(mode="after")
    def _has_certificate_and_key(self) -> Self:
        if (self.tls_certificate_file is None) != (self.tls_key_file is None):
            raise ValueError("GIAOVIEC_TLS_CERTIFICATE_FILE and GIAOVIEC_TLS_KEY_FILE go together")
        return self

    @model_validator(mode="after")
    def _names_an_audience(self) -> Self:
        if self.oidc_issuer is not None and self.oidc_audience is None:
            raise ValueError("GIAOVIEC_OIDC_ISSUER is set and GIAOVIEC_OIDC_AUDIENCE is not")
        return self

    @field_validator("master_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            decoded_all(value.get_secret_value())
        return value

    @property
    def gives_master_key(self) -> bool:
        """Whether the master key is given, and so is not the one of the data folder."""
        return any((self.master_key, self.master_key_file, self.master_key_command))

    def load_master_keys(self) -> tuple[bytes, ...]:
        """Return the master keys, of 32 bytes each; the first seals.

        Without DATABASE_URL a missing key is generated once, into a file in the data folder that
        only its owner can read.

        Raises:
            Misconfigured: DATABASE_URL is set and no key is, several are, or one is damaged.
        """
        given = {
            "GIAOVIEC_MASTER_KEY": self.master_key,
            "GIAOVIEC_MASTER_KEY_FILE": self.master_key_file,
            "GIAOVIEC_MASTER_KEY_COMMAND": self.master_key_command,
        }
        names = [name for name, value in given.items() if value is not None]
        if len(names) > 1:
            raise Misconfigured(f"{' and '.join(names)} are set: set one of them only.")
        if self.master_key is not None:
            return decoded_all(self.master_key.get_secret_value())
        if self.master_key_file is not None:
            return read_master_keys(self.master_key_file)
        if self.master_key_command is not None:
            return printed_master_keys(self.master_key_command)
        if self.database_url is not None:
            raise Misconfigured(NO_MASTER_KEY)
        return (stored_master_key(self.data_dir / "master.key"),)


def variable(field: str) -> str:
    """Return the environment variable that sets the field of that name."""
    alias = Settings.model_fields[field].validation_alias
    return str(alias) if alias else f"GIAOVIEC_{field.upper()}"
