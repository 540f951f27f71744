"""Holders: whom a token belongs to. Those that were there go on, for every unit of a ledger.

Events name the token by which they were recorded; those that were there name none.
"""

from pathlib import Path

from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None

PROGRAM = Path(__file__).parent.parent / "sql" / "append.sql"

STATEMENTS = (
    "ALTER TABLE access.tokens DROP CONSTRAINT tokens_role_check",
    """
    ALTER TABLE access.tokens ADD CONSTRAINT tokens_role_check CHECK (
        role IN (
            'inspector', 'official', 'authority', 'administrator', 'integrator', 'operator'
        )
    )
    """,
    "ALTER TABLE access.tokens ADD COLUMN units text[] NOT NULL DEFAULT '{*}'",
    "UPDATE access.tokens SET units = '{}' WHERE role = 'official'",
    "ALTER TABLE access.tokens ALTER COLUMN units DROP DEFAULT",
    """
    ALTER TABLE access.tokens ADD CONSTRAINT its_units CHECK (
        (role IN ('inspector', 'authority', 'administrator')) = (units <> '{}')
    )
    """,
    "ALTER TABLE access.tokens ALTER COLUMN secret_hash DROP NOT NULL",
    "ALTER TABLE access.tokens ADD COLUMN issuer text, ADD COLUMN subject text",
    """
    ALTER TABLE access.tokens ADD CONSTRAINT known_by_a_secret_or_by_a_provider CHECK (
        (secret_hash IS NULL) = (issuer IS NOT NULL) AND (issuer IS NULL) = (subject IS NULL)
    )
    """,
    """
    CREATE UNIQUE INDEX one_valid_identity_of_a_subject ON access.tokens (issuer, subject)
    WHERE revoked_at IS NULL
    """,
    'ALTER TABLE log.events ADD COLUMN token_id text COLLATE "C"',
    # What is new has a default: a service of the version before goes on.
    "DROP FUNCTION log.append",
)
RIGHTS = (
    "REVOKE ALL ON FUNCTION log.append FROM PUBLIC",
    "GRANT EXECUTE ON FUNCTION log.append TO giaoviec_service",
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)
    op.execute(PROGRAM.read_text(encoding="utf-8"))
    for statement in RIGHTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("who held a token is never taken away; restore a backup instead")
