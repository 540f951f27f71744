"""The log: ledgers, events and their tags, requests and their replies, keys of persons.

Only `log.append` writes it: the service may execute that function and read, the tables refuse
every change to what stands in them, whoever asks.
"""

from pathlib import Path

from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

PROGRAMS = Path(__file__).parent.parent / "sql"

# Names, types and tags compare by their bytes: cheaper, and the same on every server.
TABLES = """
CREATE SCHEMA log;

CREATE TABLE log.ledgers (
    ledger text COLLATE "C" PRIMARY KEY CHECK (ledger ~ '^[a-z0-9][a-z0-9._-]{0,63}$'),
    name text NOT NULL,
    created_at timestamptz NOT NULL DEFAULT now()
);

CREATE TABLE log.events (
    ledger text COLLATE "C" NOT NULL,
    position bigint NOT NULL CHECK (position > 0),
    event_id uuid NOT NULL,
    type text COLLATE "C" NOT NULL,
    schema_version smallint NOT NULL,
    recorded_at timestamptz NOT NULL,
    effective_on date NOT NULL,
    actor text COLLATE "C" NOT NULL,
    on_behalf_of text COLLATE "C",
    basis jsonb,
    correlation_id uuid,
    causation_id uuid,
    tags text[] COLLATE "C" NOT NULL,
    data bytea NOT NULL,
    PRIMARY KEY (ledger, position)
);
CREATE INDEX events_of_type ON log.events (ledger, type, position);

CREATE TABLE log.event_tags (
    ledger text COLLATE "C" NOT NULL,
    tag text COLLATE "C" NOT NULL,
    position bigint NOT NULL,
    type text COLLATE "C" NOT NULL,
    PRIMARY KEY (ledger, tag, position) INCLUDE (type)
);

CREATE TABLE log.requests (
    ledger text COLLATE "C" NOT NULL,
    client text COLLATE "C" NOT NULL,
    key text COLLATE "C" NOT NULL,
    digest bytea NOT NULL,
    first_position bigint NOT NULL,
    last_position bigint NOT NULL,
    recorded_at timestamptz NOT NULL,
    reply bytea NOT NULL,
    PRIMARY KEY (ledger, client, key)
);

CREATE TABLE log.person_keys (
    ledger text COLLATE "C" NOT NULL,
    subject text COLLATE "C" NOT NULL,
    wrapped_key bytea,
    created_at timestamptz NOT NULL DEFAULT now(),
    destroyed_at timestamptz,
    PRIMARY KEY (ledger, subject),
    CHECK ((wrapped_key IS NULL) = (destroyed_at IS NOT NULL))
);
"""

# ALWAYS: a session that replays a replica's changes is refused as well.
GUARD = """
CREATE TRIGGER append_only BEFORE {operations} ON log.{table}
FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
ALTER TABLE log.{table} ENABLE ALWAYS TRIGGER append_only;
"""
GUARDED = {
    "events": "UPDATE OR DELETE OR TRUNCATE",
    "event_tags": "UPDATE OR DELETE OR TRUNCATE",
    "requests": "UPDATE OR DELETE OR TRUNCATE",
    # A ledger may be called otherwise one day; it never ceases to be.
    "ledgers": "DELETE OR TRUNCATE",
}

RIGHTS = """
REVOKE ALL ON ALL FUNCTIONS IN SCHEMA log FROM PUBLIC;
GRANT USAGE ON SCHEMA log TO giaoviec_service;
GRANT SELECT ON ALL TABLES IN SCHEMA log TO giaoviec_service;
GRANT INSERT ON log.ledgers TO giaoviec_service;
GRANT INSERT, UPDATE (wrapped_key, destroyed_at) ON log.person_keys TO giaoviec_service;
GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA log TO giaoviec_service;
"""


def upgrade() -> None:
    for statement in TABLES.split(";\n"):
        if statement.strip():
            op.execute(statement)
    for program in ("ledger_lock", "refuse_change", "head", "matching", "boundary", "append"):
        op.execute((PROGRAMS / f"{program}.sql").read_text(encoding="utf-8"))
    for table, operations in GUARDED.items():
        for statement in GUARD.format(table=table, operations=operations).split(";\n"):
            if statement.strip():
                op.execute(statement)
    for statement in RIGHTS.split(";\n"):
        if statement.strip():
            op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the log is never taken away; restore a backup instead")
