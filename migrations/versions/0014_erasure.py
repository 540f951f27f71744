"""Erasure: a key is destroyed together with the event that says so, and is never set again.

Every wrapped key names the master key that wraps it. Files sent for import and what was found in
them are sealed too, and go with an erasure. Digests of earlier requests that named a person, which
anyone can compare with a guess, are emptied.
"""

from pathlib import Path

from alembic import op

revision = "0014"
down_revision = "0012"
branch_labels = None
depends_on = None

PROGRAMS = Path(__file__).parent.parent / "sql"

STATEMENTS = (
    'ALTER TABLE log.person_keys ADD COLUMN master_key text COLLATE "C"',
    """
    CREATE TABLE log.destroyed_keys (
        one boolean PRIMARY KEY DEFAULT true CHECK (one),
        number bigint NOT NULL
    )
    """,
    "INSERT INTO log.destroyed_keys (number) VALUES (0)",
    "ALTER TABLE jobs.imports ADD COLUMN erased_at timestamptz",
    "ALTER TABLE log.requests DISABLE TRIGGER append_only",
    # What told of a request by the name in it: an empty digest is like no other.
    """
    UPDATE log.requests r SET
        digest = '',
        key = CASE
            WHEN r.client = 'import' AND r.key ~ '^[^:]*:[^:]*:'
            THEN substring(r.key FROM '^[^:]*:[^:]*:') || gen_random_uuid()
            ELSE r.key
        END
    WHERE EXISTS (
        SELECT FROM log.events e
        WHERE e.ledger = r.ledger AND e.position BETWEEN r.first_position AND r.last_position
            AND e.type = 'official.registered'
    )
    """,
    "ALTER TABLE log.requests ENABLE ALWAYS TRIGGER append_only",
)
TRIGGERS = (
    """
    CREATE TRIGGER erase_person AFTER INSERT ON log.events
    FOR EACH ROW WHEN (NEW.type = 'official.erased') EXECUTE FUNCTION log.erase_person()
    """,
    "ALTER TABLE log.events ENABLE ALWAYS TRIGGER erase_person",
    """
    CREATE TRIGGER guarded BEFORE UPDATE ON log.person_keys
    FOR EACH ROW EXECUTE FUNCTION log.guard_key()
    """,
    "ALTER TABLE log.person_keys ENABLE ALWAYS TRIGGER guarded",
    """
    CREATE TRIGGER append_only BEFORE DELETE OR TRUNCATE ON log.person_keys
    FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change()
    """,
    "ALTER TABLE log.person_keys ENABLE ALWAYS TRIGGER append_only",
)
RIGHTS = (
    "REVOKE ALL ON FUNCTION log.destroy_keys(text, text) FROM PUBLIC",
    "REVOKE ALL ON FUNCTION log.erase_person() FROM PUBLIC",
    "REVOKE UPDATE (destroyed_at) ON log.person_keys FROM giaoviec_service",
    "GRANT UPDATE (master_key) ON log.person_keys TO giaoviec_service",
    "GRANT SELECT ON log.destroyed_keys TO giaoviec_service",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    for program in ("destroy_keys", "erase_person", "guard_key"):
        op.execute((PROGRAMS / f"{program}.sql").read_text(encoding="utf-8"))
    for statement in (*TRIGGERS, *RIGHTS):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the log is never taken away; restore a backup instead")
