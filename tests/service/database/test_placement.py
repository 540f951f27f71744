"""Root's data lie in one place, which is listed and cleaned whatever was removed by hand."""

import os
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from tempfile import mkdtemp

import pytest

from service.database import placement
from service.database.embedded import EmbeddedPostgres

PROJECT = Path(__file__).parents[3]

pytestmark = pytest.mark.skipif(os.geteuid() != 0, reason="only root's data lie elsewhere")


@pytest.fixture
def root_home() -> Iterator[Path]:
    parent = Path(mkdtemp())
    parent.chmod(0o755)
    yield parent / "homes"
    shutil.rmtree(parent, ignore_errors=True)


def server_of(checkout: Path, root_home: Path) -> EmbeddedPostgres:
    return EmbeddedPostgres(checkout / ".data", fsync=False, root_home=root_home)


def made(checkout: Path, root_home: Path) -> Path:
    server = server_of(checkout, root_home)
    server.start()
    server.stop()
    return server.home


def cleaned(checkout: Path, root_home: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603  our own programme
        ["/bin/sh", str(PROJECT / ".ci" / "clean"), str(root_home)],
        cwd=checkout,
        check=False,
        capture_output=True,
        text=True,
    )


def test_a_home_whose_data_folder_is_gone_is_listed(tmp_path: Path, root_home: Path) -> None:
    (tmp_path / "kept").mkdir()
    made(tmp_path / "kept", root_home)
    home = made(tmp_path / "gone", root_home)
    assert placement.leftovers(root_home) == []

    shutil.rmtree(tmp_path / "gone")

    assert placement.leftovers(root_home) == [home]


def test_the_last_home_takes_the_folder_of_all_homes_with_it(
    tmp_path: Path, root_home: Path
) -> None:
    for name in ("one", "other"):
        (tmp_path / name).mkdir()
        made(tmp_path / name, root_home)

    server_of(tmp_path / "one", root_home).remove()
    assert root_home.is_dir()

    server_of(tmp_path / "other", root_home).remove()
    assert not root_home.exists()


@pytest.mark.parametrize("removed", [None, ".data", ".data/postgresql.at"])
def test_cleaning_needs_neither_the_environment_nor_the_data_folder(
    tmp_path: Path, root_home: Path, removed: str | None
) -> None:
    (tmp_path / "other").mkdir()
    other = made(tmp_path / "other", root_home)
    home = made(tmp_path, root_home)
    if removed == ".data":
        shutil.rmtree(tmp_path / removed)
    elif removed:
        (tmp_path / removed).unlink()

    completed = cleaned(tmp_path, root_home)

    assert completed.returncode == 0, completed.stderr
    assert str(home) in completed.stderr
    assert not home.exists()
    assert not (tmp_path / ".data").exists()
    assert other.is_dir()
    shutil.rmtree(tmp_path / "other" / ".data")
    assert placement.leftovers(root_home) == [other]


def test_what_a_service_uses_is_not_cleaned(tmp_path: Path, root_home: Path) -> None:
    with server_of(tmp_path, root_home):
        completed = cleaned(tmp_path, root_home)
    assert completed.returncode == 1
    assert "stop it first" in completed.stderr
    assert placement.find_home(tmp_path / ".data") is not None
