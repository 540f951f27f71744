"""The access record: who was refused, and who read or took away what is about persons.

It is apart from the log, append-only as the log is, in months that go when their time is over. What
a token recorded is found in the log itself, by an index.
"""

from pathlib import Path

from alembic import op

revision = "0022"
down_revision = "0021"
branch_labels = None
depends_on = None

PROGRAMS = Path(__file__).parent.parent / "sql"

# What is of no ledger is of the service as a whole, such as a token for all of them.
TABLES = (
    "CREATE SEQUENCE access.record_entries",
    """
    CREATE TABLE access.record (
        entry bigint NOT NULL DEFAULT nextval('access.record_entries'),
        recorded_at timestamptz NOT NULL,
        in_ledger text COLLATE "C",
        position bigint,
        action text COLLATE "C" NOT NULL,
        form text COLLATE "C",
        outcome text COLLATE "C" NOT NULL CHECK (outcome IN ('allowed', 'refused')),
        problem text COLLATE "C",
        subjects text[] COLLATE "C" NOT NULL,
        actor text COLLATE "C",
        token_id text COLLATE "C",
        role text COLLATE "C",
        official_id text COLLATE "C",
        units text[] COLLATE "C" NOT NULL,
        address text COLLATE "C",
        request_id text,
        times integer NOT NULL CHECK (times > 0)
    ) PARTITION BY RANGE (recorded_at)
    """,
    "ALTER SEQUENCE access.record_entries OWNED BY access.record.entry",
    "CREATE INDEX record_by_entry ON access.record (entry)",
    "CREATE INDEX record_of_subject ON access.record USING gin (subjects)",
    "CREATE INDEX record_by_token ON access.record (token_id, entry)",
    "CREATE INDEX events_by_token ON log.events (ledger, token_id, position)",
)
GUARD = (
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON access.record
    FOR EACH STATEMENT EXECUTE FUNCTION access.refuse_change()
    """,
    "ALTER TABLE access.record ENABLE ALWAYS TRIGGER append_only",
)
RIGHTS = (
    "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA access FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION access.extend_record() TO giaoviec_service",
    "GRANT EXECUTE ON FUNCTION access.expire_record(integer) TO giaoviec_service",
    "GRANT SELECT, INSERT ON access.record TO giaoviec_service",
    "GRANT USAGE ON SEQUENCE access.record_entries TO giaoviec_service",
    "SELECT access.extend_record()",
)


def upgrade() -> None:
    for statement in TABLES:
        op.execute(statement)
    for program in ("refuse_access_change", "extend_access_record", "expire_access_record"):
        op.execute((PROGRAMS / f"{program}.sql").read_text(encoding="utf-8"))
    for statement in (*GUARD, *RIGHTS):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("who had access is never taken away; restore a backup instead")
