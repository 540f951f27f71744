"""Parts: events and tags are divided by ranges of positions, so that old ones can be moved.

What was recorded stays as it is: the tables become the first parts of the new ones, and none of
their rows is written anew. The key of tags no longer repeats the type, which the row has.
"""

from pathlib import Path

from alembic import op

revision = "0037"
down_revision = "0036"
branch_labels = None
depends_on = None

PROGRAMS = Path(__file__).parent.parent / "sql"

# Views of tags that snapshots have go on reading the first part, which holds all that they show.
BEFORE = (
    "LOCK TABLE log.events, log.tagged IN ACCESS EXCLUSIVE MODE",
    "DROP VIEW log.event_tags",
    "ALTER TABLE log.tagged DROP CONSTRAINT tagged_pkey",
    "ALTER TABLE log.tagged ADD PRIMARY KEY (tag, position)",
    # A trigger of the whole is one of each part.
    "DROP TRIGGER erase_person ON log.events",
)
# The first part ends where one of this size does, after all that it holds; that it does is checked
# once. An index of the whole takes over the one of the part that is defined alike.
DIVIDE = """
DO $$
DECLARE
    size constant bigint := 50000000;
    last bigint := coalesce((SELECT max(log.head(l.ledger)) FROM log.ledgers l), 0);
    whole text;
    part text;
    index record;
    definitions text[];
BEGIN
    FOREACH whole IN ARRAY ARRAY['events', 'tagged'] LOOP
        part := whole || '_from_1';
        definitions := '{}';
        FOR index IN
            SELECT x.indexrelid::regclass::text AS name, c.relname, x.indisprimary,
                pg_get_indexdef(x.indexrelid) AS definition
            FROM pg_index x JOIN pg_class c ON c.oid = x.indexrelid
            WHERE x.indrelid = format('log.%I', whole)::regclass
        LOOP
            EXECUTE format('ALTER INDEX %s RENAME TO %I', index.name, index.relname || '_from_1');
            definitions := definitions || CASE WHEN index.indisprimary THEN format(
                'ALTER TABLE log.%I ADD CONSTRAINT %I PRIMARY KEY %s', whole, index.relname,
                substring(index.definition FROM '\\(.*')
            ) ELSE index.definition END;
        END LOOP;
        EXECUTE format('ALTER TABLE log.%I RENAME TO %I', whole, part);
        EXECUTE format(
            'CREATE TABLE log.%I (LIKE log.%I INCLUDING CONSTRAINTS) PARTITION BY RANGE (position)',
            whole, part
        );
        FOR at IN 1..cardinality(definitions) LOOP
            EXECUTE definitions[at];
        END LOOP;
        EXECUTE format(
            'ALTER TABLE log.%I ATTACH PARTITION log.%I FOR VALUES FROM (1) TO (%s)', whole, part,
            (last / size + 1) * size + 1
        );
    END LOOP;
END $$
"""
# As it was, of the whole.
VIEW = """
CREATE VIEW log.event_tags AS
SELECT tag.ledger, tag.word AS tag, t.position, type.word AS type
FROM log.words tag
JOIN log.tagged t ON t.tag = tag.id
LEFT JOIN log.words type ON type.id = t.type AND type.ledger = tag.ledger
"""
GUARD = """
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON log.{table}
FOR EACH STATEMENT EXECUTE FUNCTION log.refuse_change();
ALTER TABLE log.{table} ENABLE ALWAYS TRIGGER append_only
"""
ERASE = """
CREATE TRIGGER erase_person AFTER INSERT ON log.events
FOR EACH ROW WHEN (NEW.type = 'official.erased') EXECUTE FUNCTION log.erase_person();
ALTER TABLE log.events ENABLE ALWAYS TRIGGER erase_person
"""
RIGHTS = (
    "GRANT SELECT ON log.events, log.tagged, log.event_tags TO giaoviec_service",
    "REVOKE ALL ON FUNCTION log.extend_log FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION log.extend_log TO giaoviec_service",
    # What is counted of the whole tells the planner how it is read.
    "ANALYZE log.events, log.tagged",
    "SELECT log.extend_log()",
)


def upgrade() -> None:
    for statement in (*BEFORE, DIVIDE, VIEW):
        op.execute(statement)
    op.execute((PROGRAMS / "extend_log.sql").read_text(encoding="utf-8"))
    guards = (GUARD.format(table=table) for table in ("events", "tagged"))
    for statement in (one for program in (*guards, ERASE) for one in program.split(";\n")):
        op.execute(statement)
    for statement in RIGHTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("the log is never taken away; restore a backup instead")
