"""Outages: what a database does to us that passes by itself, named once for the whole service.

A request that meets one is answered with 503, and work in the background is tried again. Nothing is
wrong with what was sent. Any other error is a fault of the data or of the programme.
"""

import asyncpg


class NotNow(Exception):
    """The service cannot do it at present; trying again may succeed."""


NOT_NOW: tuple[type[Exception], ...] = (
    NotNow,
    # No network, no server, no answer within the time; TimeoutError is one of these.
    OSError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    # The server ends: it stops, crashes, starts, drops the database, or cancels the statement.
    asyncpg.OperatorInterventionError,
    # The disk, the memory or the connections are used up.
    asyncpg.InsufficientResourcesError,
    asyncpg.PostgresSystemError,
    asyncpg.InternalServerError,
    # Others hold a lock, or a transaction must be repeated.
    asyncpg.TransactionRollbackError,
    asyncpg.ObjectNotInPrerequisiteStateError,
    # A transaction idled or lasted too long.
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TransactionTimeoutError,
    # The server became a standby.
    asyncpg.ReadOnlySQLTransactionError,
    # The database or the login is being replaced, restored or renamed.
    asyncpg.InvalidCatalogNameError,
    asyncpg.InvalidAuthorizationSpecificationError,
    asyncpg.InvalidSchemaNameError,
    asyncpg.UndefinedTableError,
    asyncpg.UndefinedFunctionError,
    asyncpg.InsufficientPrivilegeError,
    # A table was replaced while its statement was prepared.
    asyncpg.InvalidCachedStatementError,
)

# What a statement meets in a database that is well: its session was ended, others were in its way,
# or its tables were replaced meanwhile. The next try meets it no more, so a read is tried again.
AT_ONCE_OVER: tuple[type[Exception], ...] = (
    ConnectionError,
    asyncpg.InterfaceError,
    asyncpg.InternalClientError,
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.InternalServerError,
    asyncpg.TransactionRollbackError,
    asyncpg.UndefinedTableError,
    asyncpg.InvalidCachedStatementError,
)
