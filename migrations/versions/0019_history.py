"""Indexes of the log for questions about everything recorded: by actor, by document, by day.

Blocks of the log are in the order of recording, and mostly in that of effect: summaries of blocks
are small, and cost an append next to nothing.
"""

from alembic import op

revision = "0019"
down_revision = "0012"
branch_labels = None
depends_on = None

STATEMENTS = (
    "CREATE INDEX events_by_actor ON log.events (ledger, actor, position)",
    """
    CREATE INDEX events_on_document ON log.events (ledger, (basis ->> 'number'), position)
    WHERE basis IS NOT NULL
    """,
    """
    CREATE INDEX events_by_clocks ON log.events USING brin (
        recorded_at timestamptz_minmax_multi_ops, effective_on date_minmax_multi_ops
    )
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    for name in ("events_by_clocks", "events_on_document", "events_by_actor"):
        op.execute(f"DROP INDEX log.{name}")
