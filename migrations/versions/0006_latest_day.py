"""The latest day from which an event counts that a read model contains: what is later is not late.

Read models of the builds before have none; they are rebuilt.
"""

from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE read.positions ADD COLUMN latest_on date")


def downgrade() -> None:
    op.execute("ALTER TABLE read.positions DROP COLUMN latest_on")
