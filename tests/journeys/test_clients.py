"""Clients made of the description: each drives one task through its life."""

import json
import os
import shutil
import subprocess
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.giaoviec import ROOT, Giaoviec, Served
from tests.journeys.every_verb import ORGANISATION, PEOPLE, STEPS
from tests.journeys.steps import OFFICES, Step

pytestmark = pytest.mark.clients

TOOLS = ROOT / "build" / "clients"
NODE = TOOLS / "node_modules" / ".bin"
PYTHON = TOOLS / "venv" / "bin"
# The task of the journey that is commissioned, assigned, claimed, confirmed and scored.
LIFE = [*ORGANISATION, *PEOPLE, *(step for step in STEPS if step.subject == "v-xong")]


def made_by(program: Path, *words: str, cwd: Path, read: str = "") -> str:
    """Run a program of the tools; return what it writes.

    It is skipped where the tools are not, for then no registry was reached.
    """
    if not program.exists():
        pytest.skip(f"{program.relative_to(ROOT)} is missing: run `make clients` with a network")
    path = f"{PYTHON}{os.pathsep}{os.environ['PATH']}"
    done = subprocess.run(  # noqa: S603  the tools that `make clients` installs
        [program, *words],
        cwd=cwd,
        env={**os.environ, "PATH": path},
        capture_output=True,
        text=True,
        check=False,
        input=read,
    )
    assert done.returncode == 0, f"{done.stdout}\n{done.stderr}"
    return done.stdout


@pytest.fixture(scope="module")
def document(served: Served, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The description, as the service serves it."""
    path = tmp_path_factory.mktemp("description") / "openapi.json"
    path.write_text(httpx.get(f"{served.address}/openapi.json", timeout=60).text, encoding="utf-8")
    return path


def tokens(giaoviec: Giaoviec, ledger: str) -> dict[str, str]:
    giaoviec.done("ledger", "create", ledger, ledger)
    return {
        name: giaoviec.new_token(f"{ledger}-{name}", *units)
        for name, units in (("registrar", ()), ("clerk", OFFICES))
    }


def test_the_python_client_drives_a_task_through_its_life(
    giaoviec: Giaoviec, served: Served, document: Path
) -> None:
    folder = document.parent / "python"
    words = ("generate", "--path", str(document), "--output-path", str(folder))
    made_by(PYTHON / "openapi-python-client", *words, cwd=document.parent)
    calls = [call(json.loads(document.read_text(encoding="utf-8")), step) for step in LIFE]
    said = {
        "address": served.address,
        "ledger": "may-khach-python",
        "tokens": tokens(giaoviec, "may-khach-python"),
        "calls": calls,
        "file": "unit_id,name,kind\nlam-binh,Huyện Lâm Bình,district\n",
    }
    driver = Path(__file__).with_name("python_client.py")
    told = made_by(PYTHON / "python", str(driver), cwd=folder, read=json.dumps(said))
    assert json.loads(told) == {
        "task_id": "v-xong",
        "state": "completed",
        "score_points": "60",
        "file": "units",
    }


def call(document: dict[str, Any], step: Step) -> dict[str, Any]:
    """A step as a generated client names it."""
    operation = document["paths"][f"/v1/{{ledger}}{step.verb}"]["post"]
    names = [one["name"] for one in operation["parameters"] if one["in"] == "path"]
    return {
        "module": f"{operation['tags'][0]}.{operation['operationId']}",
        "ids": {name: step.subject for name in names if name != "ledger"},
        "body": step.said,
        "by": step.by,
    }


def test_the_typescript_client_drives_a_task_through_its_life(
    giaoviec: Giaoviec, served: Served, document: Path
) -> None:
    folder = document.parent / "typescript"
    folder.mkdir()
    types = folder / "api.ts"
    made_by(NODE / "openapi-typescript", str(document), "-o", str(types), cwd=folder)
    (folder / "node_modules").symlink_to(TOOLS / "node_modules")
    (folder / "package.json").write_text('{"type": "module"}', encoding="utf-8")
    source = Path(__file__).with_name("typescript_client.ts")
    (folder / "life.ts").write_text(source.read_text(encoding="utf-8"), encoding="utf-8")
    strict = ("--strict", "--target", "es2022", "--module", "nodenext", "--skipLibCheck")
    made_by(NODE / "tsc", *strict, "life.ts", cwd=folder)
    ledger = "may-khach-ts"
    said = {"address": served.address, "ledger": ledger, "tokens": tokens(giaoviec, ledger)}
    prepare(said, [*ORGANISATION, *PEOPLE])
    node = Path(shutil.which("node") or NODE / "node")
    told = made_by(node, "life.js", json.dumps(said), cwd=folder)
    assert json.loads(told) == {"task_id": "lo-gach", "state": "completed", "score_points": "60"}


def prepare(said: dict[str, Any], steps: list[Step]) -> None:
    """The organisation in which the task has its place."""
    for step in steps:
        reply = httpx.post(
            f"{said['address']}/v1/{said['ledger']}{step.path}",
            json=step.said,
            headers={"Authorization": f"Bearer {said['tokens'][step.by]}"},
        )
        assert reply.is_success, reply.text
