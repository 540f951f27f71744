"""The read models' home: where each of them stands. Their tables come and go with the projector.

Read models are rebuilt, not migrated: the service creates and swaps their tables itself, in `read`,
and builds new ones beside them, in `read_shadow`.
"""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE SCHEMA read",
    "CREATE SCHEMA read_shadow",
    # One row per projection: what shape and fold its table was built with.
    """
    CREATE TABLE read.projections (
        projection text COLLATE "C" PRIMARY KEY,
        fingerprint text NOT NULL,
        rebuilding boolean NOT NULL DEFAULT false,
        built_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    # One row per projection and ledger: the last event its rows contain.
    """
    CREATE TABLE read.positions (
        projection text COLLATE "C" NOT NULL
            REFERENCES read.projections (projection) ON DELETE CASCADE,
        ledger text COLLATE "C" NOT NULL,
        position bigint NOT NULL DEFAULT 0 CHECK (position >= 0),
        stopped_at bigint,
        error text,
        moved_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (projection, ledger),
        CHECK ((stopped_at IS NULL) = (error IS NULL))
    )
    """,
    "GRANT USAGE, CREATE ON SCHEMA read, read_shadow TO giaoviec_service",
    "GRANT SELECT, INSERT, UPDATE, DELETE ON read.projections, read.positions TO giaoviec_service",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP SCHEMA read_shadow CASCADE")
    op.execute("DROP SCHEMA read CASCADE")
