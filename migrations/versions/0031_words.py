"""Words: every tag and type of a ledger stands in the database once, and events name its number.

All that was recorded is kept: the tags are moved, counted and compared, in one transaction, in
which nothing is appended.
"""

from pathlib import Path

from alembic import op

revision = "0031"
down_revision = "0027"
branch_labels = None
depends_on = None

PROGRAMS = Path(__file__).parent.parent / "sql"

TABLES = (
    "LOCK TABLE log.events, log.event_tags IN ACCESS EXCLUSIVE MODE",
    """
    CREATE TABLE log.words (
        id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        ledger text COLLATE "C" NOT NULL,
        word text COLLATE "C" NOT NULL,
        UNIQUE (ledger, word) INCLUDE (id)
    )
    """,
    # So that a row, and an entry of the index, has no byte that is not needed.
    """
    CREATE TABLE log.tagged (
        tag integer NOT NULL,
        position integer NOT NULL,
        type integer NOT NULL
    )
    """,
)
MOVE = (
    """
    INSERT INTO log.words (ledger, word)
    SELECT ledger, word
    FROM (
        SELECT ledger, tag AS word, min(position) AS first FROM log.event_tags GROUP BY ledger, tag
        UNION ALL
        SELECT ledger, type, min(position) FROM log.event_tags GROUP BY ledger, type
    ) used
    GROUP BY ledger, word
    ORDER BY ledger, min(first), word
    """,
    """
    INSERT INTO log.tagged (tag, position, type)
    SELECT tag.id, t.position, type.id
    FROM log.event_tags t
    JOIN log.words tag ON tag.ledger = t.ledger AND tag.word = t.tag
    JOIN log.words type ON type.ledger = t.ledger AND type.word = t.type
    ORDER BY t.ledger, t.position, tag.id
    """,
    "ALTER TABLE log.tagged ADD PRIMARY KEY (tag, position) INCLUDE (type)",
    """
    DO $$ BEGIN
        IF (SELECT count(*) FROM log.tagged) <> (SELECT count(*) FROM log.event_tags) THEN
            RAISE EXCEPTION 'not every tag was moved: nothing is changed';
        END IF;
    END $$
    """,
    # With it go views of it that snapshots have: they are not read any more.
    "DROP TABLE log.event_tags CASCADE",
)
# As the table was, for whoever reads it: by ledger and tag, in the order of positions.
VIEW = """
CREATE VIEW log.event_tags AS
SELECT tag.ledger, tag.word AS tag, t.position, type.word AS type
FROM log.words tag
JOIN log.tagged t ON t.tag = tag.id
LEFT JOIN log.words type ON type.id = t.type AND type.ledger = tag.ledger
"""
INDEXES = (
    "DROP INDEX log.events_of_type",
    "CREATE INDEX events_of_type ON log.events (log.digest(ledger, type), position)",
    "DROP INDEX log.events_by_token",
    """
    CREATE INDEX events_by_token ON log.events (log.digest(ledger, token_id), position)
    WHERE token_id IS NOT NULL
    """,
    "DROP INDEX log.events_by_actor",
    "CREATE INDEX events_by_actor ON log.events (log.digest(ledger, actor), position)",
    "DROP INDEX log.events_in_the_name_of",
    """
    CREATE INDEX events_in_the_name_of ON log.events (log.digest(ledger, on_behalf_of), position)
    WHERE on_behalf_of IS NOT NULL
    """,
    # What is counted of the new tables tells the planner how they are read.
    "ANALYZE log.words, log.tagged, log.events",
)
GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.{table}
FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
ALTER TABLE log.{table} ENABLE ALWAYS TRIGGER append_only
"""
RIGHTS = (
    "GRANT SELECT ON log.words, log.tagged, log.event_tags TO giaoviec_service",
    "REVOKE ALL ON FUNCTION log.append FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION log.append TO giaoviec_service",
    "REVOKE ALL ON FUNCTION log.digest FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION log.digest TO giaoviec_service",
)


def upgrade() -> None:
    for statement in (*TABLES, *MOVE, VIEW, "DROP FUNCTION log.append"):
        op.execute(statement)
    for program in ("digest", "matching", "boundary", "append"):
        op.execute((PROGRAMS / f"{program}.sql").read_text(encoding="utf-8"))
    for table in ("words", "tagged"):
        for statement in GUARD.format(table=table).split(";\n"):
            op.execute(statement)
    for statement in (*INDEXES, *RIGHTS):
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the log is never taken away; restore a backup instead")
