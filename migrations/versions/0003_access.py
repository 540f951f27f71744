"""Access: the tokens that open the service, by the hash of their secret."""

from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE SCHEMA access
    """,
    """
    CREATE TABLE access.tokens (
        id text COLLATE "C" PRIMARY KEY CHECK (id ~ '^[0-9a-f]{16}$'),
        name text NOT NULL,
        secret_hash bytea NOT NULL CHECK (length(secret_hash) = 32),
        role text NOT NULL CHECK (role IN ('inspector', 'official', 'authority', 'administrator')),
        official_id text,
        ledgers text[],
        created_at timestamptz NOT NULL DEFAULT now(),
        expires_at timestamptz,
        revoked_at timestamptz,
        last_used_at timestamptz,
        CHECK (role <> 'official' OR official_id IS NOT NULL)
    )
    """,
    """
    CREATE UNIQUE INDEX one_valid_token_of_a_name ON access.tokens (name) WHERE revoked_at IS NULL
    """,
    """
    GRANT USAGE ON SCHEMA access TO giaoviec_service
    """,
    """
    GRANT SELECT, INSERT, UPDATE ON access.tokens TO giaoviec_service
    """,
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    op.execute("DROP SCHEMA access CASCADE")
