"""The command line: its output and its exit codes."""

import asyncio
import json
import subprocess
from base64 import b64encode
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path

import asyncpg
import pytest
from typer.testing import CliRunner

from service.cli import app
from service.database.logins import EMBEDDED_LOGIN
from service.database.migrate import migrate
from tests.databases import empty_database
from tests.giaoviec import RUN_S, Giaoviec, Served, free_port
from tests.logins import as_service


@pytest.fixture(scope="module")
async def own_database_url(server_url: str) -> AsyncIterator[str]:
    """A migrated database that the other modules' tests do not see."""
    async with empty_database(server_url) as url:
        await migrate(url, login=EMBEDDED_LOGIN)
        yield url


@pytest.fixture
def giaoviec(own_database_url: str, tmp_path: Path) -> Giaoviec:
    return Giaoviec(tmp_path / "data", as_service(own_database_url))


@pytest.mark.parametrize(
    "words",
    [
        (),
        ("serve",),
        ("demo",),
        ("migrate",),
        ("restored",),
        ("token", "create"),
        ("token", "list"),
        ("token", "revoke"),
        ("identity", "add"),
        ("identity", "list"),
        ("identity", "revoke"),
        ("projections", "status"),
        ("projections", "rebuild"),
        ("projections", "verify"),
        ("official", "request-erasure"),
        ("official", "refuse-erasure"),
        ("official", "erase"),
        ("keys", "list"),
        ("keys", "rotate"),
        ("keys", "check"),
        ("regulations", "check"),
        ("regulations", "explain"),
        ("regulations", "diff"),
        ("regulations", "sample"),
        ("ledger", "create"),
        ("ledger", "list"),
        ("doctor",),
        ("import",),
    ],
)
def test_every_command_explains_itself(words: tuple[str, ...]) -> None:
    result = CliRunner().invoke(app, [*words, "--help"])
    assert (result.exit_code, result.stderr) == (0, "")
    assert "Usage" in result.stdout


def test_what_is_not_understood_ends_with_2() -> None:
    for words in (
        ("no-such-command",),
        ("serve", "--no-such-option"),
        ("token", "create", "portal"),
        ("token", "create", "portal", "--role", "king"),
        ("projections", "rebuild", "no-such-read-model"),
        ("ledger", "create", "Not An Id", "Tỉnh"),
        ("restored", "--at", "yesterday"),
        ("restored", "--at", "2026-11-26T10:00:00"),
    ):
        result = CliRunner().invoke(app, words)
        assert (result.exit_code, result.stdout) == (2, ""), words
        assert "Usage" in result.stderr


def test_a_token_for_a_ledger_that_does_not_exist_is_refused(giaoviec: Giaoviec) -> None:
    token = ("token", "create", "astray", "--role", "operator", "--ledger", "nowhere")
    user = ("identity", "add", "sub", "astray", "--role", "operator", "--ledger", "nowhere")
    for words in (token, (*user, "--issuer", "https://sso.example.vn")):
        code, out, err = giaoviec.run(*words)
        assert (code, out) == (1, "")
        assert "There is no ledger nowhere." in err


def test_a_tokens_secret_is_printed_once_and_never_listed(giaoviec: Giaoviec) -> None:
    name = giaoviec.data_dir.parent.name.replace("_", "-")
    code, secret, err = giaoviec.run("token", "create", name, "--role", "inspector", "--unit", "*")
    assert code == 0
    assert secret.startswith("gv_")
    assert secret.strip() not in err
    listed = giaoviec.done("token", "list", "--json")
    assert secret.strip() not in listed
    (token,) = [token for token in json.loads(listed) if token["name"] == name]
    assert token["revoked_at"] is None

    assert giaoviec.run("token", "revoke", token["id"])[0] == 0
    (token,) = [
        token
        for token in json.loads(giaoviec.done("token", "list", "--json"))
        if token["name"] == name
    ]
    assert token["revoked_at"] is not None


def test_a_user_of_the_provider_is_added_listed_and_revoked(giaoviec: Giaoviec) -> None:
    name = f"user-{giaoviec.data_dir.parent.name}".replace("_", "-")
    words = ("identity", "add", name, name, "--role", "official", "--official", "o-1")
    code, _, err = giaoviec.run(*words)
    assert code == 1
    assert "GIAOVIEC_OIDC_ISSUER" in err
    identity = giaoviec.done(*words, "--issuer", "https://idp.example").strip()
    listed = json.loads(giaoviec.done("identity", "list", "--json"))
    (row,) = [row for row in listed if row["id"] == identity]
    assert (row["issuer"], row["subject"], row["official"]) == ("https://idp.example", name, "o-1")
    assert row["expires_at"] is not None
    assert giaoviec.run("identity", "revoke", identity)[0] == 0
    assert identity not in giaoviec.done("token", "list", "--json")


def test_a_token_lasts_only_if_it_is_told_to(giaoviec: Giaoviec) -> None:
    name = f"lasts-{giaoviec.data_dir.parent.name}".replace("_", "-")
    ends = {}
    for written in ("never", "30"):
        words = ("token", "create", f"{name}-{written}", "--role", "operator", "--json")
        ends[written] = json.loads(giaoviec.done(*words, "--expires", written))["expires_at"]
    assert ends["never"] is None
    assert ends["30"] is not None
    assert giaoviec.run("token", "create", "x", "--role", "operator", "--expires", "0")[0] == 2


def test_a_refusal_ends_with_1_and_a_sentence(giaoviec: Giaoviec) -> None:
    giaoviec.done("ledger", "create", "tinh-cu", "Tỉnh cũ")
    for words, sentence in (
        (("ledger", "create", "tinh-cu", "Tỉnh"), "There is a ledger tinh-cu already."),
        (("token", "revoke", "0123456789abcdef"), "There is no token 0123456789abcdef."),
    ):
        code, out, err = giaoviec.run(*words)
        assert (code, out) == (1, "")
        assert err.strip().endswith(sentence)


def test_a_ledger_that_is_opened_is_listed(giaoviec: Giaoviec) -> None:
    name = giaoviec.data_dir.parent.name.replace("_", "-")
    giaoviec.done("ledger", "create", name, "Tỉnh Mẫu")
    listed = json.loads(giaoviec.done("ledger", "list", "--json"))
    assert [ledger["name"] for ledger in listed if ledger["ledger"] == name] == ["Tỉnh Mẫu"]


def test_a_master_key_is_rotated_and_the_old_one_is_needed_until_then(
    giaoviec: Giaoviec, own_database_url: str, tmp_path: Path
) -> None:
    token = giaoviec.done("token", "create", "keys-1", "--role", "authority", "--unit", "*").strip()
    giaoviec.done("ledger", "create", "keys", "Tỉnh")
    file = tmp_path / "officials.csv"
    file.write_text("official_id,full_name\na,Nguyễn Văn A\n", encoding="utf-8")
    giaoviec.environment["GIAOVIEC_TOKEN"] = token
    giaoviec.done("import", "officials", str(file), "--ledger", "keys")
    old, new = (b64encode(bytes([number]) * 32).decode() for number in (0, 1))
    [before] = json.loads(giaoviec.done("keys", "list", "--json"))
    assert (before["state"], before["keys"] >= 1) == ("current", True)

    giaoviec.environment["GIAOVIEC_MASTER_KEY"] = new
    code, _, said_why = giaoviec.run("keys", "check")
    assert code == 1
    assert before["master_key"] in said_why
    keys = tmp_path / "keys"
    keys.write_text(f"{new}\n{old}\n", encoding="ascii")
    del giaoviec.environment["GIAOVIEC_MASTER_KEY"]
    giaoviec.environment["GIAOVIEC_MASTER_KEY_COMMAND"] = f"cat {keys}"
    giaoviec.done("keys", "check")
    giaoviec.done("keys", "rotate")
    giaoviec.done("keys", "rotate")
    keys.write_text(f"{new}\n", encoding="ascii")
    [after] = json.loads(giaoviec.done("keys", "list", "--json"))
    assert (after["state"], after["keys"]) == ("current", before["keys"])
    giaoviec.done("keys", "check")
    keys.write_text(f"{old}\n{new}\n", encoding="ascii")
    giaoviec.done("keys", "rotate")
    on_record = asyncio.run(operated(own_database_url))
    assert on_record == {"check_keys": 2, "rotate_keys": 3}


async def operated(database_url: str) -> dict[str, int]:
    """How often the access record names each operation of keys."""
    connection = await asyncpg.connect(database_url)
    counted = "SELECT action, count(*) FROM access.record WHERE action LIKE '%\\_keys' GROUP BY 1"
    try:
        return {row["action"]: row["count"] for row in await connection.fetch(counted)}
    finally:
        await connection.close()


def test_read_models_are_rebuilt_and_verified_one_or_all(giaoviec: Giaoviec) -> None:
    giaoviec.done("projections", "rebuild", "units")
    verified = json.loads(giaoviec.done("projections", "verify", "units", "--json"))
    assert {row["projection"] for row in verified} <= {"units"}
    standings = json.loads(giaoviec.done("projections", "status", "--json"))
    assert {row["state"] for row in standings} <= {"running"}


def test_a_database_that_does_not_answer_ends_with_1(giaoviec: Giaoviec) -> None:
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    for words in (("serve",), ("migrate",), ("token", "list"), ("projections", "status")):
        code, out, err = giaoviec.run(*words, DATABASE_URL=nowhere)
        assert (code, out) == (1, "")
        assert "Traceback" not in err
        assert "giaoviec doctor" in err


def test_wrong_settings_are_named(giaoviec: Giaoviec) -> None:
    code, _, err = giaoviec.run("serve", GIAOVIEC_PORT="many", DATABASE_URL="mysql://x")
    assert code == 1
    assert "GIAOVIEC_PORT" in err
    assert "DATABASE_URL" in err
    assert "Traceback" not in err


def test_doctor_finds_nothing_wrong_with_a_good_set_up(giaoviec: Giaoviec) -> None:
    findings = json.loads(giaoviec.done("doctor", "--json"))
    assert {finding["state"] for finding in findings} <= {"ok", "skipped"}
    assert {"database", "migrations", "append-only log", "projections"} <= {
        finding["check"] for finding in findings if finding["state"] == "ok"
    }


def test_doctor_says_what_is_wrong_and_how_to_mend_it(giaoviec: Giaoviec) -> None:
    nowhere = f"postgresql://nobody@127.0.0.1:{free_port()}/nothing"
    for environment, check in (
        ({"GIAOVIEC_PORT": "many"}, "settings"),
        ({"DATABASE_URL": nowhere}, "database"),
        ({"GIAOVIEC_MASTER_KEY": ""}, "settings"),
        ({"GIAOVIEC_HOST": "203.0.113.1"}, "port"),
    ):
        code, out, err = giaoviec.run("doctor", "--json", **environment)
        wrong = [finding for finding in json.loads(out) if finding["state"] == "wrong"]
        assert code == 1, environment
        assert [finding["check"] for finding in wrong] == [check]
        assert all(finding["mend"] for finding in wrong)
        assert "Traceback" not in err


def test_doctor_knows_a_database_without_the_migrations(
    giaoviec: Giaoviec, server_url: str
) -> None:
    code, out, _ = giaoviec.run("doctor", "--json", DATABASE_URL=server_url)
    wrong = [finding["check"] for finding in json.loads(out) if finding["state"] == "wrong"]
    assert (code, wrong) == (1, ["migrations"])


async def test_doctor_sees_a_guard_of_the_log_that_was_switched_off(
    giaoviec: Giaoviec, own_database_url: str
) -> None:
    owner = await asyncpg.connect(own_database_url)
    year = await owner.fetchval(
        "SELECT min(relid::regclass::text) FROM pg_partition_tree('log.requests') WHERE isleaf"
    )
    for table in ("log.requests", year):
        await owner.execute(f"ALTER TABLE {table} DISABLE TRIGGER append_only")
    try:
        code, out, _ = await asyncio.to_thread(giaoviec.run, "doctor", "--json")
    finally:
        for table in ("log.requests", year):
            await owner.execute(f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER append_only")
        await owner.close()
    wrong = [finding for finding in json.loads(out) if finding["state"] == "wrong"]
    assert code == 1
    assert [finding["check"] for finding in wrong] == ["append-only log"]
    assert f"log.requests, {year}" in wrong[0]["says"]


def test_serving_ends_with_0_when_it_is_told_to_end(giaoviec: Giaoviec) -> None:
    served = Served(giaoviec)
    code, err = served.stop()
    assert code == 0
    assert "Traceback" not in err


def test_a_taken_port_is_named(giaoviec: Giaoviec) -> None:
    served = Served(giaoviec)
    port = served.address.rpartition(":")[2]
    code, _, err = giaoviec.run("serve", GIAOVIEC_PORT=port)
    assert code == 1
    assert f"cannot listen on 127.0.0.1:{port}" in err
    assert served.stop()[0] == 0


def test_the_service_does_not_start_on_a_database_that_was_not_migrated(
    giaoviec: Giaoviec, server_url: str
) -> None:
    process: subprocess.Popen[str] = giaoviec.start(
        "serve", "--no-migrate", DATABASE_URL=server_url
    )
    _, err = process.communicate(timeout=RUN_S)
    assert process.returncode == 1
    assert "giaoviec migrate" in err


@pytest.mark.parametrize(
    ("deed", "undone", "says"),
    [
        (
            (
                "ALTER FUNCTION log.head(text) RENAME TO head2;"
                "CREATE FUNCTION log.head(in_ledger text) RETURNS bigint LANGUAGE sql STABLE"
                " AS 'SELECT 7::bigint';"
                "GRANT EXECUTE ON FUNCTION log.head(text) TO giaoviec_service"
            ),
            "DROP FUNCTION log.head(text); ALTER FUNCTION log.head2(text) RENAME TO head",
            "log.head, log.head2",
        ),
        (
            (
                "CREATE FUNCTION log.swallow() RETURNS trigger LANGUAGE plpgsql"
                " AS 'begin return null; end'"
            ),
            "DROP FUNCTION log.swallow()",
            "log.swallow",
        ),
        (
            (
                "CREATE TRIGGER quiet BEFORE INSERT ON log.events FOR EACH ROW"
                " EXECUTE FUNCTION suppress_redundant_updates_trigger()"
            ),
            "DROP TRIGGER quiet ON log.events",
            "trigger quiet on log.events",
        ),
        (
            "CREATE RULE quiet AS ON INSERT TO log.requests DO INSTEAD NOTHING",
            "DROP RULE quiet ON log.requests",
            "rule quiet on log.requests",
        ),
    ],
)
async def test_doctor_sees_what_of_the_log_is_not_as_installed(
    giaoviec: Giaoviec, own_database_url: str, deed: str, undone: str, says: str
) -> None:
    owner = await asyncpg.connect(own_database_url)
    await owner.execute(deed)
    try:
        code, out, _ = await asyncio.to_thread(giaoviec.run, "doctor", "--json")
    finally:
        await owner.execute(undone)
        await owner.close()
    wrong = {finding["check"]: finding["says"] for finding in json.loads(out)
             if finding["state"] == "wrong"}  # fmt: skip
    assert code == 1
    assert says in wrong["log functions"]


async def test_doctor_warns_of_a_service_that_uses_the_login_of_the_owner(
    giaoviec: Giaoviec, own_database_url: str
) -> None:
    code, out, _ = await asyncio.to_thread(
        partial(giaoviec.run, "doctor", "--json", DATABASE_URL=own_database_url)
    )
    found = {finding["check"]: finding for finding in json.loads(out)}
    assert (code, found["login"]["state"]) == (0, "warning")
    assert "is a superuser" in found["login"]["says"]


async def test_a_login_that_owns_nothing_serves_and_another_migrates(
    giaoviec: Giaoviec, own_database_url: str
) -> None:
    code, _, err = await asyncio.to_thread(
        partial(giaoviec.run, "migrate", GIAOVIEC_MIGRATION_URL=own_database_url)
    )
    assert (code, err.strip()) == (0, "Nothing to apply.")

    code, _, err = await asyncio.to_thread(
        partial(giaoviec.run, "serve", DATABASE_URL=own_database_url, GIAOVIEC_OWNER_SERVES="false")
    )
    assert code == 1
    assert "The service needs a login that owns nothing" in err
