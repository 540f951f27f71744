"""The document that the rows of a file cite which name none themselves."""

from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute("ALTER TABLE jobs.imports ADD COLUMN act json")


def downgrade() -> None:
    op.execute("ALTER TABLE jobs.imports DROP COLUMN act")
