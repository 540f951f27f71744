"""Requests by year: an idempotency key is known for a set time, and goes with its year.

What was requested before stays as it is: the table becomes the first part of the new one, and none
of its rows is written anew. Keys are found by a number, so that the index is narrow.
"""

from pathlib import Path

from alembic import op

revision = "0035"
down_revision = "0031"
branch_labels = None
depends_on = None

PROGRAMS = Path(__file__).parent.parent / "sql"

# An instant of recording may be ahead of the clock: the first part ends after all that it holds.
DIVIDE = """
DO $$
DECLARE
    last integer := extract(year FROM greatest(
        now(), (SELECT max(recorded_at) FROM log.requests)
    ) AT TIME ZONE 'UTC');
    part text := 'requests_' || last;
BEGIN
    EXECUTE format('ALTER TABLE log.requests RENAME TO %I', part);
    EXECUTE format('ALTER TABLE log.%I DROP CONSTRAINT requests_pkey', part);
    EXECUTE format('REVOKE ALL ON log.%I FROM giaoviec_service', part);
    EXECUTE format(
        'CREATE TABLE log.requests (LIKE log.%I) PARTITION BY RANGE (recorded_at)', part
    );
    CREATE INDEX requests_by_key ON log.requests (log.key_digest(ledger, client, key));
    EXECUTE format(
        'ALTER TABLE log.requests ATTACH PARTITION log.%I FOR VALUES FROM (MINVALUE) TO (%L)',
        part, make_timestamptz(last + 1, 1, 1, 0, 0, 0, 'UTC')
    );
END $$
"""
GUARD = (
    """
    CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.requests
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change()
    """,
    "ALTER TABLE log.requests ENABLE ALWAYS TRIGGER append_only",
)
RIGHTS = (
    "GRANT SELECT ON log.requests TO giaoviec_service",
    *(
        statement
        for function in ("append", "key_digest", "extend_requests", "expire_requests")
        for statement in (
            f"REVOKE ALL ON FUNCTION log.{function} FROM PUBLIC",
            f"GRANT EXECUTE ON FUNCTION log.{function} TO giaoviec_service",
        )
    ),
    "ANALYZE log.requests",
    "SELECT log.extend_requests()",
)


def upgrade() -> None:
    op.execute("LOCK TABLE log.requests IN ACCESS EXCLUSIVE MODE")
    op.execute((PROGRAMS / "key_digest.sql").read_text(encoding="utf-8"))
    op.execute(DIVIDE)
    op.execute("DROP FUNCTION log.append")
    for program in ("append", "boundary", "extend_requests", "expire_requests"):
        op.execute((PROGRAMS / f"{program}.sql").read_text(encoding="utf-8"))
    for statement in (*GUARD, *RIGHTS):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the log is never taken away; restore a backup instead")
