"""Holders: whom a token belongs to. Those that were there go on, for every unit of a ledger."""

from alembic import op

revision = "0015"
down_revision = "0012"
branch_labels = None
depends_on = None

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
)


def upgrade() -> None:
    for statement in STATEMENTS:
        op.execute(statement)


def downgrade() -> None:
    raise NotImplementedError("who held a token is never taken away; restore a backup instead")
