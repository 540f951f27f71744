"""Settings: the operator's choices, read from the environment once at the start."""

import os
from base64 import b64decode, b64encode
from binascii import Error as NotBase64
from pathlib import Path
from secrets import token_bytes
from typing import Annotated, Literal

from pydantic import Field, SecretStr, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

MASTER_KEY_BYTES = 32


class Misconfigured(Exception):
    """The service cannot run with this set-up; the message says what is wrong and what mends it."""


class Settings(BaseSettings):
    """The environment's `GIAOVIEC_*` variables, and `DATABASE_URL`."""

    model_config = SettingsConfigDict(
        env_prefix="GIAOVIEC_", frozen=True, extra="ignore", validate_by_name=True
    )

    database_url: Annotated[
        str | None,
        Field(
            validation_alias="DATABASE_URL",
            pattern=r"^postgres(ql)?://",
            description="PostgreSQL 15 or later, such as postgresql://user:password@host/name. "
            "Unset: an embedded PostgreSQL, for trial and tests only.",
        ),
    ] = None
    replica_url: Annotated[
        str | None,
        Field(
            pattern=r"^postgres(ql)?://[^,]*$",
            description="A hot standby of the database, from which lists, figures and the feed "
            "are read. Unset: the database itself answers.",
        ),
    ] = None
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
            description="The key that seals the keys of persons: 32 bytes in base64. "
            "Required with DATABASE_URL; otherwise generated into the data folder."
        ),
    ] = None
    host: Annotated[str, Field(description="The address to listen on.")] = "127.0.0.1"
    port: Annotated[
        int, Field(ge=0, le=65535, description="The port to listen on; 0 takes a free one.")
    ] = 8090
    log_level: Annotated[
        Literal["debug", "info", "warning", "error"],
        Field(description="The least severe log line that is written."),
    ] = "info"
    log_format: Annotated[
        Literal["json", "console"],
        Field(description="Log lines as JSON objects, or as columns for people."),
    ] = "console"
    body_limit_bytes: Annotated[
        int, Field(ge=1024, description="The largest request body that is read.")
    ] = 2**20
    import_limit_bytes: Annotated[
        int, Field(ge=1024, le=2**28, description="The largest file that is taken for import.")
    ] = 2**24
    pool_size: Annotated[
        int,
        Field(
            ge=2,
            le=500,
            description="Database connections of one process for its requests. Beside them it "
            "opens `GIAOVIEC_WRITER_CONNECTIONS`, six for work in the background, and two more "
            "while read models are rebuilt and two while a snapshot is made.",
        ),
    ] = 10
    writer_connections: Annotated[
        int,
        Field(
            ge=2,
            le=100,
            description="Database connections that write the ledgers, in turns. Half of them are "
            "for ledgers whose lock others hold, so that such ledgers do not hold up the rest.",
        ),
    ] = 4
    request_seconds: Annotated[
        float,
        Field(
            ge=1,
            le=600,
            description="How long a request waits for its turn, for a connection and for each "
            "statement, in seconds; then it is refused with 503.",
        ),
    ] = 10.0
    requests_in_flight: Annotated[
        int,
        Field(ge=16, description="Requests that one process takes in at once; more get 503."),
    ] = 4096
    in_flight_bytes: Annotated[
        int,
        Field(
            ge=2**21,
            description="Bytes of request bodies that one process holds at once, but at least two "
            "of the largest files for import; more get 503.",
        ),
    ] = 2**26
    waiting_per_client: Annotated[
        int,
        Field(
            ge=1,
            description="Commands of one token that wait for their turn in a ledger; more get 429. "
            "Tokens take turns.",
        ),
    ] = 256
    shutdown_seconds: Annotated[
        int,
        Field(
            ge=3,
            le=3600,
            description="Within how many seconds the service ends after SIGTERM, whatever hangs.",
        ),
    ] = 30
    read_wait_seconds: Annotated[
        float,
        Field(ge=0, le=60, description="How long a read waits for its `min_position`, in seconds."),
    ] = 5.0
    standstill_seconds: Annotated[
        float,
        Field(
            ge=1,
            le=3600,
            description="A read model that lacks events of its log and has not moved for so many "
            "seconds stands still, and `/readyz` says so.",
        ),
    ] = 10.0
    ahead_days: Annotated[
        int,
        Field(ge=0, le=3660, description="How many days ahead of its day a decision is recorded."),
    ] = 366
    clock_skew_seconds: Annotated[
        int,
        Field(
            ge=1,
            le=3600,
            description="By how many seconds the clocks of this host and of the database may "
            "differ; beyond that nothing is recorded.",
        ),
    ] = 60
    snapshots_kept: Annotated[
        int, Field(ge=0, le=32, description="How many snapshots are kept at once, of all ledgers.")
    ] = 8
    snapshot_days: Annotated[
        int, Field(ge=1, le=3660, description="How many days a snapshot is kept.")
    ] = 30
    import_findings_days: Annotated[
        int,
        Field(
            ge=1,
            le=3660,
            description="How many days after an import what was found in its file is kept. The "
            "file itself is deleted as soon as the import is over.",
        ),
    ] = 90
    projector: Annotated[
        bool, Field(description="Whether this process keeps the read models up to date.")
    ] = True

    @property
    def seen_path(self) -> Path:
        """The file in which a process keeps how far it has seen each ledger."""
        return self.seen_file or self.data_dir / "seen.json"

    @field_validator("replica_url")
    @classmethod
    def _is_a_replica(cls, value: str | None, others: ValidationInfo) -> str | None:
        if value is not None and others.data.get("database_url") is None:
            raise ValueError("is the replica of DATABASE_URL, which is not set")
        return value

    @field_validator("master_key")
    @classmethod
    def _is_a_key(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None:
            _decoded(value.get_secret_value())
        return value

    def load_master_key(self) -> bytes:
        """Return the 32 bytes that seal the keys of persons.

        Without DATABASE_URL a missing key is generated once, into a file in the data folder that
        only its owner can read.

        Raises:
            Misconfigured: DATABASE_URL is set and the key is not, or the stored key is damaged.
        """
        if self.master_key is not None:
            return _decoded(self.master_key.get_secret_value())
        if self.database_url is not None:
            raise Misconfigured(
                "DATABASE_URL is set and GIAOVIEC_MASTER_KEY is not. Generate a key once, keep it "
                "apart from the database, and set it: "
                'python3 -c "import base64,secrets;'
                'print(base64.b64encode(secrets.token_bytes(32)).decode())"'
            )
        return _stored_master_key(self.data_dir / "master.key")


def variable(field: str) -> str:
    """Return the environment variable that sets the field of that name."""
    alias = Settings.model_fields[field].validation_alias
    return str(alias) if alias else f"GIAOVIEC_{field.upper()}"


def _decoded(text: str) -> bytes:
    try:
        key = b64decode(text, validate=True)
    except (NotBase64, ValueError):
        key = b""
    if len(key) != MASTER_KEY_BYTES:
        raise ValueError("must be 32 bytes in base64")
    return key


def _stored_master_key(path: Path) -> bytes:
    """Return the key in the file. The first process generates a missing key."""
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        ours = path.with_name(f"{path.name}.{os.getpid()}")
        ours.touch(mode=0o600)
        ours.write_text(b64encode(token_bytes(MASTER_KEY_BYTES)).decode() + "\n", encoding="ascii")
        try:
            os.link(ours, path)
        except FileExistsError:
            pass  # another process of the service was first: its key is used
        finally:
            ours.unlink()
    try:
        return _decoded(path.read_text(encoding="ascii").strip())
    except ValueError as damaged:
        raise Misconfigured(
            f"{path} does not hold a master key (32 bytes in base64): restore it from a backup; "
            "without it no personal data of this data folder can be read."
        ) from damaged
