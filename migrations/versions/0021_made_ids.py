"""The texts from which imports made ids, so that one of the same letters is told in any file."""

from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE jobs.made_ids (
        ledger text NOT NULL REFERENCES log.ledgers,
        category text NOT NULL,
        made_id text NOT NULL,
        written text NOT NULL,
        PRIMARY KEY (ledger, category, made_id)
    )
    """,
    "GRANT SELECT, INSERT ON jobs.made_ids TO giaoviec_service",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP TABLE jobs.made_ids")
