"""Alive: the service may see which migrations its database has, and jobs count their attempts.

A job is held by the session-level advisory lock of the process that works on it, not by a lease on
a clock: if the process or its connection ends, so does the lock.
"""

from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

STATEMENTS = (
    "GRANT SELECT ON alembic_version TO giaoviec_service",
    # A constraint that names the lease goes with it.
    """
    ALTER TABLE jobs.imports
        DROP COLUMN lease_until,
        ADD COLUMN attempts integer NOT NULL DEFAULT 0,
        ADD CHECK ((state = 'running') = (claim IS NOT NULL))
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("ALTER TABLE jobs.imports DROP COLUMN attempts, ADD COLUMN lease_until timestamptz")
    op.execute("REVOKE SELECT ON alembic_version FROM giaoviec_service")
