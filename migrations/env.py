"""Alembic's environment: it migrates within the transaction that `service.database.migrate` holds.

Only `upgrade` reaches the database; revisions are written by hand (`alembic revision -m "…"`).
"""

from alembic import context

connection = context.config.attributes.get("connection")
if connection is None:
    raise SystemExit("run `giaoviec migrate`: it takes the lock that keeps two starters apart")

context.configure(connection=connection, target_metadata=None)
with context.begin_transaction():
    context.run_migrations()
