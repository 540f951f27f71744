"""Logins: the database does not trust the service.

One login owns the schema and migrates it. The service logs in as another, which owns nothing and
may do only what the role of the service may; so whoever takes over the service still cannot change
the log, switch off its guard or read what the role may not. A start-up parameter is no such
boundary: `RESET ROLE` undoes it. What counts is what the login itself may do.
"""

import structlog

from service.database.engine import SERVICE_ROLE, connect
from service.settings import Misconfigured, Settings, variable

# The login of the service on the embedded server.
EMBEDDED_LOGIN = "giaoviec_app"

# A superuser may do everything: nothing else need be said of it.
EXCESS = """
WITH login AS (
    SELECT r.oid, r.rolname, r.rolsuper FROM pg_roles r WHERE r.rolname = session_user
), attributes AS (
    SELECT CASE WHEN r.rolname = session_user THEN '' ELSE r.rolname || ' ' END AS who, r.*
    FROM pg_roles r WHERE r.rolname IN (session_user, $1)
), owned AS (
    SELECT 'the database ' || d.datname AS what, d.datdba AS owner
    FROM pg_database d WHERE d.datname = current_database()
    UNION ALL SELECT 'the schema ' || n.nspname, n.nspowner FROM pg_namespace n
    UNION ALL SELECT c.oid::regclass::text, c.relowner FROM pg_class c
        WHERE c.relkind IN ('r', 'p', 'v', 'm')
    UNION ALL SELECT p.oid::regproc::text, p.proowner FROM pg_proc p
)
SELECT 1 AS rank, 'is a superuser' AS excess FROM login WHERE rolsuper
UNION ALL
SELECT 2, says FROM login, (
    SELECT who || says AS says FROM attributes CROSS JOIN LATERAL (VALUES
        (rolsuper AND who <> '', 'is a superuser'),
        (rolcreaterole, 'may create roles'),
        (rolcreatedb, 'may create databases'),
        (rolreplication, 'may replicate'),
        (rolbypassrls, 'passes row-level security')
    ) AS attribute (has, says) WHERE has
    UNION ALL
    SELECT 'owns ' || string_agg(what, ', ' ORDER BY what)
    FROM owned, login WHERE owner = login.oid HAVING count(*) > 0
    UNION ALL
    SELECT 'is a member of ' || string_agg(r.rolname, ', ' ORDER BY r.rolname)
    FROM pg_roles r, login
    WHERE r.rolname NOT IN (login.rolname, $1) AND pg_has_role(login.oid, r.oid, 'MEMBER')
    HAVING count(*) > 0
    UNION ALL
    SELECT 'may change ' || string_agg(c.oid::regclass::text, ', ' ORDER BY c.relname)
    FROM pg_class c, login
    WHERE (
            c.relnamespace = to_regnamespace('log') AND c.relname <> 'person_keys'
            OR c.relnamespace = to_regnamespace('access') AND c.relname LIKE 'record%'
        )
        AND c.relkind IN ('r', 'p')
        AND has_table_privilege(login.oid, c.oid, 'UPDATE, DELETE, TRUNCATE, TRIGGER')
    HAVING count(*) > 0
) AS further (says) WHERE NOT login.rolsuper
ORDER BY rank, excess
"""
OWNS_THE_LOG = """
SELECT EXISTS (
    SELECT FROM pg_namespace n JOIN pg_roles r ON r.rolname = session_user
    WHERE n.nspname = 'log' AND (
        n.nspowner = r.oid OR NOT r.rolsuper AND pg_has_role(r.oid, n.nspowner, 'MEMBER')
    )
)
"""

log = structlog.get_logger()


async def excess(url: str) -> list[str]:
    """Say what the login of the URL may do beyond the service's needs; nothing if all is well."""
    connection = await connect(url, role=None)
    try:
        return [row["excess"] for row in await connection.fetch(EXCESS, SERVICE_ROLE)]
    finally:
        await connection.close()


async def require_bounded(settings: Settings, url: str) -> None:
    """Refuse a login of the service that may do too much.

    The owner of the log is let pass with a warning, unless the settings forbid it.

    Raises:
        Misconfigured: the login may do too much; the message says what.
    """
    connection = await connect(url, role=None)
    try:
        login = await connection.fetchval("SELECT session_user::text")
        beyond = [row["excess"] for row in await connection.fetch(EXCESS, SERVICE_ROLE)]
        is_owner = await connection.fetchval(OWNS_THE_LOG)
    finally:
        await connection.close()
    if not beyond:
        return
    if is_owner and settings.owner_serves:
        log.warning("the login of the service may change the log", login=login, excess=beyond)
        return
    raise Misconfigured(
        f"the login {login} of DATABASE_URL {'; it '.join(beyond)}. The service needs a login that "
        f"owns nothing: CREATE ROLE … LOGIN PASSWORD …; GRANT {SERVICE_ROLE} TO …; then migrate "
        f"with {variable('migration_url')}, and serve with DATABASE_URL."
    )
