"""Which events were recorded on another day than the one they count from."""

from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None

RECORDED_ON = "(timezone('Asia/Ho_Chi_Minh', recorded_at))::date"


def upgrade() -> None:
    # The usual event counts from the day on which it is recorded, and is in neither.
    op.execute(
        f"CREATE INDEX events_ahead ON log.events (ledger, effective_on, position) "
        f"WHERE effective_on > {RECORDED_ON}"
    )
    op.execute(
        f"CREATE INDEX events_late ON log.events (ledger, position) INCLUDE (effective_on) "
        f"WHERE effective_on < {RECORDED_ON}"
    )


def downgrade() -> None:
    op.execute("DROP INDEX log.events_late")
    op.execute("DROP INDEX log.events_ahead")
