"""Indexes of the log for questions about everything recorded: by actor, body, document and day.

Blocks of the log are mostly in the order of effect: summaries of blocks are small, and cost an
append next to nothing.
"""

from pathlib import Path

from alembic import op

revision = "0019"
down_revision = "0016"
branch_labels = None
depends_on = None

PROGRAM = Path(__file__).parent.parent / "sql" / "position_before.sql"
STATEMENTS = (
    "CREATE INDEX events_by_actor ON log.events (ledger, actor, position)",
    """
    CREATE INDEX events_in_the_name_of ON log.events (ledger, on_behalf_of, position)
    WHERE on_behalf_of IS NOT NULL
    """,
    """
    CREATE INDEX events_on_document ON log.events (ledger, (basis ->> 'number'), position)
    WHERE basis IS NOT NULL
    """,
    """
    CREATE INDEX events_by_effect ON log.events USING brin (effective_on date_minmax_multi_ops)
    """,
    PROGRAM.read_text(encoding="utf-8"),
    "REVOKE ALL ON FUNCTION log.position_before FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION log.position_before TO giaoviec_service",
)
INDEXES = ("events_by_effect", "events_on_document", "events_in_the_name_of", "events_by_actor")


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP FUNCTION log.position_before")
    for name in INDEXES:
        op.execute(f"DROP INDEX log.{name}")
