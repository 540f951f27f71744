"""Of several tags the log follows the rarest, and looks the others up in the index."""

from pathlib import Path

from alembic import op

revision = "0027"
down_revision = "0022"
branch_labels = None
depends_on = None

PROGRAM = Path(__file__).parent.parent / "sql" / "matching.sql"


def upgrade() -> None:
    op.execute(PROGRAM.read_text(encoding="utf-8"))


def downgrade() -> None:
    raise NotImplementedError("the log is never taken away; restore a backup instead")
