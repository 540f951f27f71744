"""Snapshots: what a ledger's read models said at an earlier position, each in a slot of its own.

A slot is a schema with a fixed name: the service fills and clears it, and may make none itself.
"""

from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None

SLOTS = 32
SCHEMAS = [f"snapshot_{slot:02}" for slot in range(1, SLOTS + 1)]

STATEMENTS = (
    *(f"CREATE SCHEMA {schema}" for schema in SCHEMAS),
    f"GRANT USAGE, CREATE ON SCHEMA {', '.join(SCHEMAS)} TO giaoviec_service",
    # A slot is free since it was last cleared, and null while it holds anything.
    """
    CREATE TABLE jobs.snapshot_slots (
        slot smallint PRIMARY KEY,
        free_since timestamptz DEFAULT '-infinity'
    )
    """,
    f"INSERT INTO jobs.snapshot_slots (slot) SELECT generate_series(1, {SLOTS})",
    """
    CREATE TABLE jobs.snapshots (
        ledger text COLLATE "C" NOT NULL,
        name text COLLATE "C" NOT NULL,
        id uuid NOT NULL UNIQUE,
        slot smallint NOT NULL UNIQUE REFERENCES jobs.snapshot_slots,
        position bigint NOT NULL CHECK (position > 0),
        made_by text NOT NULL,
        state text NOT NULL DEFAULT 'waiting'
            CHECK (state IN ('waiting', 'running', 'done', 'failed')),
        build text,
        attempts integer NOT NULL DEFAULT 0,
        events_total bigint,
        events_done bigint NOT NULL DEFAULT 0,
        error text,
        created_at timestamptz NOT NULL DEFAULT now(),
        ended_at timestamptz,
        expires_at timestamptz NOT NULL,
        PRIMARY KEY (ledger, name),
        CHECK (state <> 'done' OR build IS NOT NULL),
        CHECK ((state = 'failed') = (error IS NOT NULL))
    )
    """,
    "CREATE INDEX snapshots_of_a_position ON jobs.snapshots (ledger, position)",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON jobs.snapshots TO giaoviec_service",
    "GRANT SELECT, UPDATE ON jobs.snapshot_slots TO giaoviec_service",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE jobs.snapshots, jobs.snapshot_slots")
    op.execute(f"DROP SCHEMA {', '.join(SCHEMAS)} CASCADE")
