"""Jobs: files to be imported, how far each is, and what is wrong with its rows.

A file stands here only until its job ends: it may name persons, whom the log keeps sealed.
"""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE SCHEMA jobs",
    # Jobs are numbered by UUIDv7: their order is that in which the files came.
    """
    CREATE TABLE jobs.imports (
        job uuid PRIMARY KEY,
        ledger text COLLATE "C" NOT NULL,
        kind text NOT NULL,
        form text NOT NULL CHECK (form IN ('csv', 'xlsx')),
        file text NOT NULL,
        sha256 text NOT NULL,
        content bytea,
        dry_run boolean NOT NULL,
        proposer_token text NOT NULL,
        approver_token text,
        correlation_id uuid NOT NULL,
        state text NOT NULL DEFAULT 'waiting'
            CHECK (state IN ('waiting', 'running', 'done', 'failed')),
        rows_total integer,
        rows_done integer NOT NULL DEFAULT 0,
        imported integer NOT NULL DEFAULT 0,
        unchanged integer NOT NULL DEFAULT 0,
        refused integer NOT NULL DEFAULT 0,
        created_at timestamptz NOT NULL DEFAULT now(),
        started_at timestamptz,
        ended_at timestamptz,
        claim uuid,
        lease_until timestamptz,
        CHECK ((content IS NULL) = (state IN ('done', 'failed'))),
        CHECK ((state = 'running') = (claim IS NOT NULL AND lease_until IS NOT NULL))
    )
    """,
    "CREATE INDEX imports_of_a_ledger ON jobs.imports (ledger, job)",
    "CREATE INDEX imports_to_do ON jobs.imports (job) WHERE state IN ('waiting', 'running')",
    """
    CREATE TABLE jobs.findings (
        job uuid NOT NULL REFERENCES jobs.imports (job) ON DELETE CASCADE,
        number bigint GENERATED ALWAYS AS IDENTITY,
        row integer NOT NULL,
        "column" text,
        what_en text NOT NULL,
        what_vi text NOT NULL,
        mend_en text NOT NULL,
        mend_vi text NOT NULL,
        PRIMARY KEY (job, number)
    )
    """,
    "GRANT USAGE ON SCHEMA jobs TO giaoviec_service",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON jobs.imports, jobs.findings TO giaoviec_service",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP SCHEMA jobs CASCADE")
