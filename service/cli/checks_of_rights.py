"""Checks of rights: what the service's login may do, and whether the log's programmes are ours."""

import re
from pathlib import Path

import migrations
from service.cli.finding import Finding, ok, warned, wrong
from service.database.engine import SERVICE_ROLE, Pool
from service.database.logins import OWNS_THE_LOG, excess
from service.settings import Settings, variable

PROGRAMS = Path(migrations.__file__).parent / "sql"
PROGRAM = re.compile(
    r"create (?:or replace )?function (?P<name>(?:log|access)\.\w+)\(.*?as \$\$(?P<body>.*?)\$\$",
    re.DOTALL | re.IGNORECASE,
)
INSTALLED = """
SELECT n.nspname || '.' || p.proname AS name, p.prosrc AS body
FROM pg_proc p JOIN pg_namespace n ON n.oid = p.pronamespace WHERE n.nspname IN ('log', 'access')
"""
GUARDED = ("epochs", "ledgers", "person_keys", "words")
# Of what is divided, and of each of its parts: whether the guard stands.
UNGUARDED_PARTS = """
SELECT guarded.relid::regclass::text
FROM (VALUES
        ('access.record', 'access.refuse_change'),
        ('log.requests', 'log.refuse_change'),
        ('log.events', 'log.refuse_change'),
        ('log.tagged', 'log.refuse_change')
    ) AS whole (name, guard),
    pg_partition_tree(whole.name::regclass) AS guarded
WHERE NOT EXISTS (
    SELECT FROM pg_trigger t
    WHERE t.tgrelid = guarded.relid AND t.tgname = 'append_only' AND t.tgenabled = 'A'
        AND t.tgfoid = whole.guard::regproc AND t.tgqual IS NULL AND t.tgtype = 58
)
"""
# Of each table of the log: whether the guard stands, as it was installed.
UNGUARDED = """
SELECT guarded FROM unnest($1::text[]) AS guarded
WHERE NOT EXISTS (
    SELECT FROM pg_trigger t
    JOIN pg_class c ON c.oid = t.tgrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = 'log' AND c.relname = guarded AND t.tgname = 'append_only'
        AND t.tgenabled = 'A' AND t.tgfoid = 'log.refuse_change'::regproc
        AND t.tgqual IS NULL
        AND t.tgtype = CASE WHEN guarded IN ('ledgers', 'person_keys') THEN 42 ELSE 58 END
)
"""
# A trigger or a rule that nobody installed could change what is appended, or drop it unseen.
FOREIGN = """
SELECT 'trigger ' || t.tgname || ' on ' || t.tgrelid::regclass AS what
FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid
WHERE c.relnamespace IN ('log'::regnamespace, 'access'::regnamespace) AND NOT t.tgisinternal
    AND t.tgname <> ALL ($1)
UNION ALL
SELECT 'rule ' || r.rulename || ' on ' || r.ev_class::regclass
FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class
WHERE c.relnamespace = 'log'::regnamespace AND c.relkind IN ('r', 'p')
ORDER BY what
"""
TRIGGERS = ("append_only", "erase_person", "guarded")
MAY_CHANGE = """
SELECT DISTINCT table_schema || '.' || table_name FROM information_schema.role_table_grants
WHERE (
        table_schema = 'log'
            AND (table_name = ANY ($1::text[]) OR table_name ~ '^(events|requests|tagged)')
        OR table_schema = 'access' AND table_name LIKE 'record%'
    )
    AND grantee = $2
    AND privilege_type IN ('UPDATE', 'DELETE', 'TRUNCATE')
"""
COMPARE = "Find out who did it, compare the log with a backup, and "


async def check_rights(settings: Settings, pool: Pool, url: str) -> list[Finding]:
    """Check the login, the guard of the log, and the functions and triggers of its schema."""
    return [
        await _check_login(settings, pool, url),
        await _check_append_only(pool),
        await _check_programs(pool),
    ]


async def _check_login(settings: Settings, pool: Pool, url: str) -> Finding:
    beyond = await excess(url)
    if not beyond:
        return ok("login", "owns nothing and may do only what the service needs")
    mend = (
        f"CREATE ROLE … LOGIN PASSWORD …; GRANT {SERVICE_ROLE} TO …; serve with it, and migrate "
        f"with {variable('migration_url')}."
    )
    is_owner = await pool.fetchval(OWNS_THE_LOG)
    finding = warned if is_owner and settings.owner_serves else wrong
    return finding("login", f"the login of the service {'; it '.join(beyond)}", mend)


async def _check_append_only(pool: Pool) -> Finding:
    """Check that triggers and missing privileges both keep the log append-only."""
    unguarded = [f"log.{row[0]}" for row in await pool.fetch(UNGUARDED, GUARDED)]
    unguarded += [row[0] for row in await pool.fetch(UNGUARDED_PARTS)]
    if unguarded:
        tables = ", ".join(unguarded)
        return wrong(
            "append-only log",
            f"the guard of {tables} is missing, changed or switched off",
            f"{COMPARE}for each table: ALTER TABLE … ENABLE ALWAYS TRIGGER append_only",
        )
    changeable = [row[0] for row in await pool.fetch(MAY_CHANGE, GUARDED, SERVICE_ROLE)]
    if changeable:
        tables = ", ".join(changeable)
        mend = f"REVOKE UPDATE, DELETE, TRUNCATE ON {tables} FROM {SERVICE_ROLE}"
        return wrong("append-only log", f"the service may change {tables}", mend)
    return ok("append-only log", "guarded by triggers and by rights")


async def _check_programs(pool: Pool) -> Finding:
    """Compare the bodies of the log's functions with what was installed, and look for others."""
    installed = {(row["name"], row["body"]) for row in await pool.fetch(INSTALLED)}
    ours = {
        (program["name"], program["body"])
        for path in PROGRAMS.glob("*.sql")
        for program in PROGRAM.finditer(path.read_text(encoding="utf-8"))
    }
    differing = sorted({name for name, _ in installed ^ ours})
    if differing:
        says = f"not as installed: {', '.join(differing)}"
        mend = f"{COMPARE}install them again from migrations/sql."
        return wrong("log functions", says, mend)
    foreign = [row["what"] for row in await pool.fetch(FOREIGN, TRIGGERS)]
    if foreign:
        says = f"nobody of ours made the {', the '.join(foreign)}"
        return wrong("log functions", says, f"{COMPARE}drop them.")
    return ok("log functions", "functions and triggers are as installed")
