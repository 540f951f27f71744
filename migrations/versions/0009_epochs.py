"""Epochs of the log: a new one at every restore, so that no old cursor is taken for a new one.

`log.append` is told what its sender believes of the log, the persons' keys and the clock, and
refuses where it does not hold; it notifies nobody.
"""

from pathlib import Path

from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

PROGRAMS = Path(__file__).parent.parent / "sql"

STATEMENTS = (
    """
    CREATE TABLE log.epochs (
        number integer PRIMARY KEY CHECK (number > 0),
        epoch text COLLATE "C" NOT NULL UNIQUE CHECK (epoch ~ '^[0-9a-f]{12}$'),
        began_at timestamptz NOT NULL DEFAULT now(),
        reason text NOT NULL,
        system_identifier bigint NOT NULL,
        database_oid bigint NOT NULL,
        heads jsonb NOT NULL
    )
    """,
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.epochs
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change()
    """,
    "ALTER TABLE log.epochs ENABLE ALWAYS TRIGGER append_only",
    # Older databases have them in an earlier form.
    "DROP FUNCTION log.append",
    "DROP FUNCTION log.boundary",
)
RIGHTS = (
    "REVOKE ALL ON ALL FUNCTIONS IN SCHEMA log FROM PUBLIC",
    "GRANT SELECT ON log.epochs TO giaoviec_service",
    "GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA log TO giaoviec_service",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    for program in ("database_identity", "begin_epoch", "epoch", "boundary", "append"):
        op.execute((PROGRAMS / f"{program}.sql").read_text(encoding="utf-8"))
    for statement in RIGHTS:
        op.execute(statement)
    op.execute("SELECT log.begin_epoch(NULL, 'the first', '{}')")


def downgrade() -> None:
    raise NotImplementedError("the log is never taken away; restore a backup instead")
