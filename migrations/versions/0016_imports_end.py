"""How imports end: one may be cancelled, and what was found in a file is not kept for ever."""

from alembic import op

revision = "0016"
down_revision = "0015"
branch_labels = None
depends_on = None

ENDED = "('done', 'failed', 'cancelled')"
STATEMENTS = (
    f"""
    ALTER TABLE jobs.imports
        DROP CONSTRAINT imports_state_check,
        DROP CONSTRAINT imports_check,
        ADD COLUMN cancel_requested_at timestamptz,
        ADD COLUMN expired_at timestamptz,
        ADD CONSTRAINT imports_state_check CHECK (state IN ('waiting', 'running', {ENDED[1:-1]})),
        ADD CONSTRAINT imports_check CHECK ((content IS NULL) = (state IN {ENDED}))
    """,
    "CREATE INDEX imports_to_expire ON jobs.imports (ended_at) WHERE expired_at IS NULL",
)
BACK = (
    "DROP INDEX jobs.imports_to_expire",
    "UPDATE jobs.imports SET state = 'failed' WHERE state = 'cancelled'",
    """
    ALTER TABLE jobs.imports
        DROP CONSTRAINT imports_state_check,
        DROP CONSTRAINT imports_check,
        DROP COLUMN cancel_requested_at,
        DROP COLUMN expired_at,
        ADD CONSTRAINT imports_state_check
            CHECK (state IN ('waiting', 'running', 'done', 'failed')),
        ADD CONSTRAINT imports_check CHECK ((content IS NULL) = (state IN ('done', 'failed')))
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for statement in BACK:
        op.execute(statement)
