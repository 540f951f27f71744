"""Settings come from the environment; the master key is given, or generated once."""

import stat
import subprocess
import sys
from base64 import b64encode
from pathlib import Path

import pytest
from pydantic import SecretStr, ValidationError

from service.cli.running import settings_faults
from service.settings import Misconfigured, Settings

KEY = bytes(range(32))
PROJECT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def nothing_set(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DATABASE_URL", "GIAOVIEC_MASTER_KEY", "GIAOVIEC_PORT", "GIAOVIEC_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)


def test_the_environment_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://u@host/name")
    monkeypatch.setenv("GIAOVIEC_PORT", "9000")
    settings = Settings()
    assert (settings.database_url, settings.port) == ("postgresql://u@host/name", 9000)


@pytest.mark.parametrize("key", ["", "secret", b64encode(KEY[:31]).decode(), "é" * 44])
def test_a_key_of_another_length_or_form_is_refused(key: str) -> None:
    with pytest.raises(ValidationError, match="32 bytes in base64"):
        Settings(master_key=SecretStr(key))


def test_an_address_of_another_database_is_refused() -> None:
    with pytest.raises(ValidationError, match="postgres"):
        Settings(database_url="mysql://host/name")


def test_a_replica_is_one_server_and_of_the_database_that_is_set() -> None:
    database, replica = "postgresql://one,two/name", "postgresql://two/name"
    assert Settings(database_url=database, replica_url=replica).replica_url == replica
    with pytest.raises(ValidationError, match="DATABASE_URL, which is not set"):
        Settings(replica_url=replica)
    with pytest.raises(ValidationError, match="replica_url"):
        Settings(database_url=database, replica_url="postgresql://two,three/name")


def test_the_given_key_is_used() -> None:
    assert Settings(master_key=SecretStr(b64encode(KEY).decode())).load_master_keys() == (KEY,)


def test_with_an_external_database_the_key_must_be_given() -> None:
    with pytest.raises(Misconfigured, match="GIAOVIEC_MASTER_KEY is not"):
        Settings(database_url="postgresql://host/name").load_master_keys()


def test_keys_come_from_the_environment_a_file_or_a_command(tmp_path: Path) -> None:
    texts = [b64encode(key).decode() for key in (KEY, bytes(32))]
    file = tmp_path / "keys"
    file.write_text("\n".join(texts), encoding="ascii")
    for settings in (
        Settings(master_key=SecretStr(",".join(texts))),
        Settings(master_key_file=file),
        Settings(master_key_command=f"cat '{file}'"),
    ):
        assert settings.load_master_keys() == (KEY, bytes(32))


def test_a_source_of_keys_that_gives_none_is_named_and_prints_nothing(tmp_path: Path) -> None:
    (tmp_path / "keys").write_text("no secret", encoding="ascii")
    for settings, name in (
        (Settings(master_key_file=tmp_path / "keys"), "FILE"),
        (Settings(master_key_file=tmp_path / "none"), "FILE"),
        (Settings(master_key_command="false"), "COMMAND"),
        (Settings(master_key_command="echo no secret"), "COMMAND"),
        (Settings(master_key_command="no-such-command"), "COMMAND"),
        (Settings(master_key_command="true", master_key_file=tmp_path), "of them only"),
    ):
        with pytest.raises(Misconfigured, match=name) as refused:
            settings.load_master_keys()
        assert "no secret" not in str(refused.value)


def test_the_embedded_key_is_generated_once_and_private(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    key = settings.load_master_keys()
    assert [len(one) for one in key] == [32]
    assert settings.load_master_keys() == key
    (stored,) = (tmp_path / "data").iterdir()
    assert stat.S_IMODE(stored.stat().st_mode) == 0o600


def test_starters_at_once_agree_on_one_key(tmp_path: Path) -> None:
    programme = (
        "from pathlib import Path; from service.settings import Settings; import sys;"
        "print(Settings(data_dir=Path(sys.argv[1])).load_master_keys()[0].hex())"
    )
    starters = [
        subprocess.Popen(  # noqa: S603  our own programme
            [sys.executable, "-c", programme, str(tmp_path)], cwd=PROJECT, stdout=subprocess.PIPE
        )
        for _ in range(4)
    ]
    assert len({starter.communicate()[0] for starter in starters}) == 1


def test_a_damaged_key_is_never_replaced(tmp_path: Path) -> None:
    (tmp_path / "master.key").write_text("torn", encoding="ascii")
    with pytest.raises(Misconfigured, match="restore it from a backup"):
        Settings(data_dir=tmp_path).load_master_keys()
    assert (tmp_path / "master.key").read_text(encoding="ascii") == "torn"


def test_the_key_is_not_printed() -> None:
    settings = Settings(master_key=SecretStr(b64encode(KEY).decode()))
    assert b64encode(KEY).decode() not in repr(settings)


def test_every_setting_is_described() -> None:
    assert all(field.description for field in Settings.model_fields.values())


URL = "postgresql://app:pass@db.example.vn/giaoviec"


def test_the_address_of_a_database_comes_from_a_file_or_a_command(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    kept = tmp_path / "url"
    kept.write_text(f"{URL}\n", encoding="utf-8")
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name, value in (("FILE", str(kept)), ("COMMAND", f"cat {kept}")):
        with monkeypatch.context() as environment:
            environment.setenv(f"GIAOVIEC_DATABASE_URL_{name}", value)
            environment.setenv(f"GIAOVIEC_MIGRATION_URL_{name}", value)
            settings = Settings()
            assert (settings.database_url, settings.migration_url) == (URL, URL)
            environment.setenv("DATABASE_URL", URL)
            with pytest.raises(ValidationError, match=f"DATABASE_URL and GIAOVIEC_.*_{name} are"):
                Settings()


def test_an_address_that_is_not_there_is_told_without_what_is_there(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.write_text("mysql://app:secret@db", encoding="utf-8")
    empty = tmp_path / "empty"
    empty.touch()
    monkeypatch.delenv("DATABASE_URL", raising=False)
    for name, value in (
        ("FILE", str(tmp_path / "none")),
        ("FILE", str(empty)),
        ("FILE", str(other)),
        ("COMMAND", "false"),
        ("COMMAND", f"cat {other}"),
        ("COMMAND", "no-such-command-anywhere"),
    ):
        with monkeypatch.context() as environment:
            environment.setenv(f"GIAOVIEC_DATABASE_URL_{name}", value)
            with pytest.raises(ValidationError) as told:
                Settings()
            [fault] = settings_faults(told.value)
            assert "DATABASE_URL" in fault
            assert "secret" not in str(settings_faults(told.value))
