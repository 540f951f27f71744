"""The read of a boundary tells whether a type ever occurred, and by what the things named began."""

from pathlib import Path

from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None

PROGRAM = Path(__file__).parent.parent / "sql" / "boundary.sql"
SERVICE = "giaoviec_service"
BEFORE = "log.boundary(text, text[], text[], bigint, text, text)"
NOW = "log.boundary(text, text[], text[], bigint, text, text, text, text[], text[])"


def upgrade() -> None:
    # A new log has it already. What is new has defaults: a service of the version before goes on.
    op.execute(f"DROP FUNCTION IF EXISTS {BEFORE}")
    op.execute(PROGRAM.read_text(encoding="utf-8"))
    op.execute(f"REVOKE ALL ON FUNCTION {NOW} FROM PUBLIC")
    op.execute(f"GRANT EXECUTE ON FUNCTION {NOW} TO {SERVICE}")


def downgrade() -> None:
    raise NotImplementedError("the log is never taken away; restore a backup instead")
