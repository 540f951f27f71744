"""The start of the command line: what it imports, what it tells, and which database it finds."""

import json
import os
import subprocess
import sys
from importlib import import_module
from inspect import cleandoc
from pathlib import Path
from typing import get_args

import pytest
import typer
from typer.testing import CliRunner

from service.cli import COMMANDS, app
from service.cli.import_request import Kind
from service.cli.running import EXPECTED
from service.database.embedded import EmbeddedPostgres
from service.imports.file_kinds import FileKind
from tests.giaoviec import ROOT, Giaoviec, Served

SLOW = {"fastapi", "sqlalchemy", "alembic", "openpyxl", "httpx", "domain.tasks", "projections"}
IMPORTED = """
import sys
from service.cli import app
try:
    app(sys.argv[1:])
except SystemExit as ended:
    assert not ended.code, ended.code
finally:
    print("\\n" + "\\n".join(sys.modules))
"""


@pytest.fixture
def giaoviec(tmp_path: Path) -> Giaoviec:
    return Giaoviec(tmp_path / "data")


def test_the_list_of_commands_says_what_each_says_of_itself() -> None:
    for name, listed in COMMANDS.items():
        found = getattr(import_module(f"service.cli.{listed.module}"), listed.attribute)
        said = found.info.help if isinstance(found, typer.Typer) else cleandoc(found.__doc__ or "")
        assert said == listed.help, name


def test_the_kinds_of_files_that_help_names_are_all_that_there_are() -> None:
    assert get_args(Kind) == tuple(FileKind)


def test_every_failure_that_is_expected_has_a_class_of_that_name() -> None:
    for name in EXPECTED:
        module, _, kind = name.rpartition(".")
        found = getattr(import_module(module), kind)
        assert f"{found.__module__}.{found.__qualname__}" == name


@pytest.mark.parametrize(
    "words",
    [
        ("--version",),
        ("--help",),
        ("token", "create", "--help"),
        ("projections", "rebuild", "--help"),
        ("imports", "cancel", "--help"),
        *((name, "--help") for name in COMMANDS),
    ],
)
def test_a_command_does_not_wait_for_what_it_does_not_use(words: tuple[str, ...]) -> None:
    completed = subprocess.run(  # noqa: S603  our own programme
        [sys.executable, "-c", IMPORTED, *words],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    )
    assert not SLOW & set(completed.stdout.splitlines())


async def test_a_token_is_made_without_the_slow_imports(
    database_url: str, giaoviec: Giaoviec
) -> None:
    completed = subprocess.run(  # noqa: S603, ASYNC221  our own programme; nothing else runs
        [
            sys.executable,
            "-c",
            IMPORTED,
            "token",
            "create",
            "start",
            "--role",
            "inspector",
            "--unit",
            "*",
        ],
        cwd=ROOT,
        env={**giaoviec.environment, "DATABASE_URL": database_url},
        check=True,
        capture_output=True,
        text=True,
    )
    assert completed.stdout.startswith("gv_")
    assert not SLOW & set(completed.stdout.splitlines())


def test_the_version_is_told() -> None:
    result = CliRunner().invoke(app, ["--version"])
    assert result.exit_code == 0
    assert result.stdout.startswith("giaoviec ")


def test_a_misspelt_setting_is_told_with_the_nearest(giaoviec: Giaoviec) -> None:
    _, _, err = giaoviec.run("token", "list", GIAOVIEC_PROT="8091", GIAOVIEC_LEDGER="tuyen-quang")
    assert "GIAOVIEC_PROT is not a setting: did you mean GIAOVIEC_PORT?" in err
    assert "GIAOVIEC_LEDGER" not in err

    _, out, _ = giaoviec.run("doctor", "--json", GIAOVIEC_PROT="8091")
    wrong = [finding["says"] for finding in json.loads(out) if finding["state"] == "wrong"]
    assert any("GIAOVIEC_PROT" in says for says in wrong)


@pytest.mark.parametrize(
    "words",
    [
        ("token", "list"),
        ("token", "create", "portal", "--role", "inspector", "--unit", "*"),
        ("ledger", "list"),
        ("ledger", "create", "tinh", "Tỉnh"),
        ("projections", "status"),
        ("import", "units", "FILE", "--ledger", "tinh"),
    ],
)
def test_a_command_that_finds_no_database_makes_none_and_says_where_it_looked(
    giaoviec: Giaoviec, tmp_path: Path, words: tuple[str, ...]
) -> None:
    file = tmp_path / "units.csv"
    file.write_text("Mã;Tên\n", encoding="utf-8")
    giaoviec.environment["GIAOVIEC_TOKEN"] = "gv_0"  # noqa: S105  no secret

    code, out, err = giaoviec.run(*(str(file) if word == "FILE" else word for word in words))

    assert (code, out) == (1, "")
    assert f"there is no database in {giaoviec.data_dir}" in err
    assert "GIAOVIEC_DATA_DIR" in err
    assert not giaoviec.data_dir.exists()


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_data_folder_that_may_not_be_written_is_told(giaoviec: Giaoviec) -> None:
    giaoviec.data_dir.parent.chmod(0o500)
    _assert_told(giaoviec, giaoviec.data_dir)


def test_a_data_folder_that_cannot_be_is_told(giaoviec: Giaoviec) -> None:
    giaoviec.data_dir.write_text("a file", encoding="utf-8")
    _assert_told(giaoviec, giaoviec.data_dir)


def test_a_report_that_cannot_be_written_is_told_before_the_import(
    giaoviec: Giaoviec, tmp_path: Path
) -> None:
    file, report = tmp_path / "units.csv", tmp_path / "nowhere" / "report.csv"
    file.write_text("Mã;Tên\n", encoding="utf-8")
    options = ("--ledger", "tinh", "--report", str(report))
    token = {"GIAOVIEC_TOKEN": "gv_0"}
    code, out, err = giaoviec.run("import", "units", str(file), *options, **token)
    assert (code, out) == (1, "")
    assert f"No such file or directory: '{report}'" in err
    assert "Traceback" not in err


def test_a_disk_without_room_is_told(giaoviec: Giaoviec) -> None:
    """Nothing can be written to /dev/full, as on a full disk."""
    completed = subprocess.run(  # noqa: S602  the shell opens the full device
        f"{sys.executable} -m service doctor --json > /dev/full",
        shell=True,
        cwd=ROOT,
        env=giaoviec.environment,
        check=False,
        capture_output=True,
        text=True,
    )
    assert completed.returncode == 1
    assert "Traceback" not in completed.stderr
    assert "No space left on device" in completed.stderr


def _assert_told(giaoviec: Giaoviec, folder: Path) -> None:
    for words in (("serve",), ("migrate",)):
        code, _, err = giaoviec.run(*words)
        assert code == 1, err
        assert "Traceback" not in err
        assert str(folder) in err


def test_serving_warns_once_of_the_embedded_database_and_says_where_it_is(
    giaoviec: Giaoviec,
) -> None:
    warning = "embedded PostgreSQL: for trial and tests only"
    for new in ("True", "False"):
        served = Served(giaoviec)
        code, _, err = giaoviec.run("token", "list")
        assert (code, warning in err) == (0, False)
        home = json.loads(giaoviec.done("data", "where", "--json"))[0]["database"]
        findings = json.loads(giaoviec.run("doctor", "--json")[1])
        code, err = served.stop()
        assert code == 0
        assert err.count(warning) == 1
        (line,) = [line for line in err.splitlines() if warning in line]
        assert f"folder={home}" in line
        assert f"new={new}" in line
        (disk,) = [finding for finding in findings if finding["check"] == "disk"]
        assert home in disk["says"]
    assert giaoviec.run("data", "remove", "--yes")[0] == 0
    assert not Path(home).exists()
    assert home not in giaoviec.done("data", "where", "--json")


def test_what_a_service_uses_is_not_removed(giaoviec: Giaoviec) -> None:
    with EmbeddedPostgres(giaoviec.data_dir, fsync=False):
        code, _, err = giaoviec.run("data", "remove", "--yes")
    assert code == 1
    assert "stop it first" in err
    EmbeddedPostgres(giaoviec.data_dir).remove()
