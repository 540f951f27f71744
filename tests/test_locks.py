"""The lock files name exact versions with their hashes, and nothing of any machine."""

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PROJECT = Path(__file__).parents[1]
LOCKS = {"requirements.lock": (), "requirements-dev.lock": ("embedded", "dev")}
OURS = ("domain", "projections", "service", "migrations", "tests", "bench")
PIN = re.compile(r"(?P<name>[a-z0-9-]+)==(?P<version>[0-9a-z.+!]+)(?: ;.*)?(?P<hashes>.*)")


def pins(lock: str) -> dict[str, str]:
    """Name to version; every line that is no comment must be a pin with its hashes."""
    text = (PROJECT / lock).read_text(encoding="utf-8")
    lines = [line for line in text.replace("\\\n", "").splitlines() if line.strip()]
    found = {}
    for line in lines:
        if line.lstrip().startswith("#"):
            continue
        pin = PIN.fullmatch(line)
        assert pin, line
        assert re.fullmatch(r"(\s+--hash=sha256:[0-9a-f]{64})+", pin["hashes"]), line
        found[pin["name"]] = pin["version"]
    return found


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_answers_every_requirement(lock: str) -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))
    wanted = [*project["project"]["dependencies"], *project["build-system"]["requires"]]
    for extra in LOCKS[lock]:
        wanted += project["project"]["optional-dependencies"][extra]
    locked = pins(lock)
    for requirement in map(Requirement, wanted):
        version = locked[canonicalize_name(requirement.name)]
        assert requirement.specifier.contains(version), requirement


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_names_no_address_and_no_folder(lock: str) -> None:
    text = (PROJECT / lock).read_text(encoding="utf-8")
    assert not re.search(r"://|file:/|@ |(^|\s)/", text)
    assert set(re.findall(r"(?m)^\s*--?[a-z-]+", text)) <= {"    --hash"}


def test_what_is_served_is_what_is_tested() -> None:
    served, tested = pins("requirements.lock"), pins("requirements-dev.lock")
    assert served.items() <= tested.items()


def test_the_image_carries_no_copyleft_driver() -> None:
    assert not [name for name in pins("requirements.lock") if name.startswith("psycopg")]


def imported(folder: str) -> set[str]:
    """The top-level modules that the folder's programmes import."""
    found: set[str] = set()
    for path in (PROJECT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                found.update(alias.name.partition(".")[0] for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                found.add(node.module.partition(".")[0])
    return found


@pytest.mark.parametrize(
    ("folders", "extras"),
    [
        (("domain", "projections", "service", "migrations"), ()),
        (("tests", "bench"), ("embedded", "dev")),
    ],
)
def test_every_import_is_declared(folders: tuple[str, ...], extras: tuple[str, ...]) -> None:
    project = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = list(project["dependencies"])
    for extra in extras:
        wanted += project["optional-dependencies"][extra]
    declared = {canonicalize_name(Requirement(line).name) for line in wanted}
    declared.add(
        canonicalize_name("pydantic-core")
    )  # pydantic itself pins it and documents its use
    provided = packages_distributions()
    for module in set().union(*map(imported, folders)) - sys.stdlib_module_names - set(OURS):
        assert declared.intersection(map(canonicalize_name, provided.get(module, []))), module


def test_every_base_image_is_named_by_its_digest() -> None:
    dockerfile = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
    [base] = re.findall(r"^ARG BASE=(\S+)$", dockerfile, re.MULTILINE)
    assert re.fullmatch(r"[a-z]+:[a-z0-9.-]+@sha256:[0-9a-f]{64}", base)
    assert set(re.findall(r"^FROM (\S+)", dockerfile, re.MULTILINE)) == {"${BASE}"}
