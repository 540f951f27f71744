"""Narrower indexes of events: of what was recorded late, and of documents.

No question reads the day of a late event from its index, and a document is found by a number, as
types and actors are.
"""

from alembic import op

revision = "0036"
down_revision = "0035"
branch_labels = None
depends_on = None

RECORDED_ON = "(timezone('Asia/Ho_Chi_Minh', recorded_at))::date"
STATEMENTS = (
    "DROP INDEX log.events_late",
    f"CREATE INDEX events_late ON log.events (ledger, position) WHERE effective_on < {RECORDED_ON}",
    "DROP INDEX log.events_on_document",
    """
    CREATE INDEX events_on_document
    ON log.events (log.digest(ledger, basis ->> 'number'), position) WHERE basis IS NOT NULL
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the log is never taken away; restore a backup instead")
