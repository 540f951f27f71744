"""Bounds: the settings that say how much or how long, and what whoever goes beyond one meets."""

from collections.abc import Mapping
from typing import Annotated, Any

from pydantic import Field
from pydantic_settings import BaseSettings

BEYOND = "beyond"


def beyond(answer: str) -> dict[str, Any]:
    """What is met beyond the bound, as the reference tells it."""
    return {BEYOND: answer}


class Bounds(BaseSettings):
    """Those of the settings that bound something."""

    failed_authentications: Annotated[
        int,
        Field(
            ge=1,
            description="How many tokens that are not valid one address may send within a minute.",
            json_schema_extra=beyond("429 `too-many-failures`"),
        ),
    ] = 60
    reads_per_token: Annotated[
        int,
        Field(
            ge=60,
            description="Requests of one token within a minute that one process answers, save "
            "commands and files for import.",
            json_schema_extra=beyond("429 `too-many-reads`"),
        ),
    ] = 60_000
    body_limit_bytes: Annotated[
        int,
        Field(
            ge=1024,
            description="The largest request body that is read.",
            json_schema_extra=beyond("413 `body-too-large`"),
        ),
    ] = 2**20
    import_limit_bytes: Annotated[
        int,
        Field(
            ge=1024,
            le=2**28,
            description="The largest file that is taken for import.",
            json_schema_extra=beyond("413 `body-too-large`"),
        ),
    ] = 2**24
    imports_at_once: Annotated[
        int,
        Field(
            ge=1,
            le=16,
            description="Files that one process imports at once, each of another ledger. Each may "
            "take a core and 1 GiB of memory to be read.",
            json_schema_extra=beyond("the file waits"),
        ),
    ] = 2
    pool_size: Annotated[
        int,
        Field(
            ge=2,
            le=500,
            description="Database connections of one process for its requests. Beside them it "
            "opens `GIAOVIEC_WRITER_CONNECTIONS`, six for work in the background and one for each "
            "file imported at once, two while read models are rebuilt and two while a snapshot is "
            "made.",
            json_schema_extra=beyond("the request waits for `GIAOVIEC_REQUEST_SECONDS`"),
        ),
    ] = 10
    writer_connections: Annotated[
        int,
        Field(
            ge=2,
            le=100,
            description="Database connections that write the ledgers, in turns. Half as many more "
            "are opened for ledgers whose lock others hold, so that such do not hold up the rest. "
            "The more there are, the more ledgers share one write to the disk.",
            json_schema_extra=beyond("the command waits for `GIAOVIEC_REQUEST_SECONDS`"),
        ),
    ] = 8
    request_seconds: Annotated[
        float,
        Field(
            ge=1,
            le=600,
            description="How long a request waits for its turn, for a connection and for each "
            "statement, in seconds.",
            json_schema_extra=beyond("503 `log-full` or `database-unavailable`"),
        ),
    ] = 10.0
    connections: Annotated[
        int,
        Field(
            ge=16,
            description="Connections of clients that one process holds at once, as far as the "
            "limit of open files allows.",
            json_schema_extra=beyond("503 `too-busy`, and the connection ends"),
        ),
    ] = 8192
    connections_per_address: Annotated[
        int,
        Field(
            ge=16,
            description="The same of one address, such as that of a proxy.",
            json_schema_extra=beyond("503 `too-busy`, and the connection ends"),
        ),
    ] = 4096
    requests_in_flight: Annotated[
        int,
        Field(
            ge=16,
            description="Requests that one process takes in at once.",
            json_schema_extra=beyond("503 `too-busy`"),
        ),
    ] = 4096
    in_flight_bytes: Annotated[
        int,
        Field(
            ge=2**21,
            description="Bytes of request bodies that one process holds at once, but at least two "
            "of the largest files for import.",
            json_schema_extra=beyond("503 `too-busy`"),
        ),
    ] = 2**26
    waiting_per_client: Annotated[
        int,
        Field(
            ge=1,
            description="Commands of one token that wait for their turn in a ledger. Tokens take "
            "turns.",
            json_schema_extra=beyond("429 `too-many-waiting`"),
        ),
    ] = 256
    streams: Annotated[
        int,
        Field(
            ge=1,
            description="Streams of events that one process has open at once, with the reads that "
            "wait for an event.",
            json_schema_extra=beyond("429 `too-many-streams`"),
        ),
    ] = 1024
    streams_per_token: Annotated[
        int,
        Field(
            ge=1,
            description="The same of one token.",
            json_schema_extra=beyond("429 `too-many-streams`"),
        ),
    ] = 64
    sent_file_bytes: Annotated[
        int,
        Field(
            ge=2**20,
            description="Bytes of lists as files that stand on the disk of one process while "
            "clients read them. One file alone may be larger.",
            json_schema_extra=beyond("429 `too-many-files`"),
        ),
    ] = 2**30
    shutdown_seconds: Annotated[
        int,
        Field(
            ge=3,
            le=3600,
            description="Within how many seconds the service ends after SIGTERM, whatever hangs.",
            json_schema_extra=beyond("the request is broken off: 503 `outcome-lost` of a command"),
        ),
    ] = 30
    read_wait_seconds: Annotated[
        float,
        Field(
            ge=0,
            le=60,
            description="How long a read waits for its `min_position`, in seconds.",
            json_schema_extra=beyond("503 `projection-behind` or `replica-behind`"),
        ),
    ] = 5.0
    ahead_days: Annotated[
        int,
        Field(
            ge=0,
            le=3660,
            description="How many days ahead of its day a decision is recorded.",
            json_schema_extra=beyond("422 `effective-in-the-future`"),
        ),
    ] = 366
    clock_skew_seconds: Annotated[
        int,
        Field(
            ge=1,
            le=3600,
            description="By how many seconds the clocks of this host and of the database may "
            "differ.",
            json_schema_extra=beyond("503 `clocks-disagree`: nothing is recorded"),
        ),
    ] = 60
    snapshots_kept: Annotated[
        int,
        Field(
            ge=0,
            le=32,
            description="How many snapshots are kept at once, of all ledgers.",
            json_schema_extra=beyond("409 `snapshots-full`"),
        ),
    ] = 8
    snapshot_days: Annotated[
        int,
        Field(
            ge=1,
            le=3660,
            description="How many days a snapshot is kept.",
            json_schema_extra=beyond("404 `snapshot-unknown`"),
        ),
    ] = 30
    missed_report_days: Annotated[
        int,
        Field(
            ge=0,
            le=366,
            description="How many days after its day a report or paper that has not come is "
            "recorded as missing, so that subscribers hear of it; with 0 none is.",
            json_schema_extra=beyond("no event tells of it; `/duties` shows it"),
        ),
    ] = 7
    import_findings_days: Annotated[
        int,
        Field(
            ge=1,
            le=3660,
            description="How many days after an import what was found in its file is kept. The "
            "file itself is deleted as soon as the import is over.",
            json_schema_extra=beyond("the report says that it has expired"),
        ),
    ] = 90
    idempotency_days: Annotated[
        int,
        Field(
            ge=31,
            le=36600,
            description="How many days an `Idempotency-Key` is known at least. Keys go by calendar "
            "year: a year is dropped as a whole once it ended so many days ago.",
            json_schema_extra=beyond("a request with a key from before is a new one"),
        ),
    ] = 366
    access_record_days: Annotated[
        int,
        Field(
            ge=180,
            le=36600,
            description="How many days the access record is kept, month by month.",
            json_schema_extra=beyond("an older month is no longer there to be read"),
        ),
    ] = 730


def met_beyond() -> Mapping[str, str]:
    """What is met beyond each bound, by the name of its field."""
    extras = {name: field.json_schema_extra for name, field in Bounds.model_fields.items()}
    return {name: str(extra[BEYOND]) for name, extra in extras.items() if isinstance(extra, dict)}
