"""The image holds the service, and nothing that it does not need to serve."""

import ast
import re

import pytest

from service import cli
from tests.pages import ROOT, read


def test_nothing_of_source_control_is_in_the_image() -> None:
    first, *others = read(ROOT / ".dockerignore").split()
    assert first == "*"
    let_in = {line.removeprefix("!") for line in others if line.startswith("!")}
    copied = re.findall(r"^COPY (?!--from)(.+) \S+$", read(ROOT / "Dockerfile"), re.MULTILINE)
    assert {name for line in copied for name in line.split()} == let_in
    left_out = {line for line in others if not line.startswith("!")}
    assert left_out == {"service/demo", "**/__pycache__"}
    hidden = [
        path
        for name in let_in
        for path in (ROOT / name, *(ROOT / name).rglob("*"))
        if path.name.startswith((".", "tests", "bench"))
    ]
    assert hidden == []


def test_the_service_needs_no_sample(monkeypatch: pytest.MonkeyPatch) -> None:
    for file in (ROOT / "service").rglob("*.py"):
        if "demo" not in {*file.parts, file.stem}:
            for node in ast.walk(ast.parse(read(file))):
                if isinstance(node, ast.Import | ast.ImportFrom):
                    names = [node.module or "" if isinstance(node, ast.ImportFrom) else ""]
                    names += [alias.name for alias in node.names]
                    assert not any(name.startswith("service.demo") for name in names), file
    assert "demo" in cli.Commands().commands
    monkeypatch.setattr(cli, "find_spec", lambda _: None)
    assert "demo" not in cli.Commands().commands
    assert "serve" in cli.Commands().commands
