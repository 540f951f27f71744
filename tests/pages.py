"""The documentation as a test reads it: its pages, and what stands in their blocks."""

import ast
import re
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
DOCS = ROOT / "docs"
PAGES = (README, *sorted(DOCS.rglob("*.md")))
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


TEST = re.compile(r"`(tests/[\w/]+\.py)::(test_\w+)`")


class Block(NamedTuple):
    """A fenced block: `sh` is to be run, `json` is the last line it prints, shortened."""

    language: str
    text: str


def read(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def section(page: Path, heading: str) -> str:
    """What stands under the heading, up to the next of the same level."""
    return read(page).split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def blocks(text: str) -> list[Block]:
    return [Block(*match) for match in BLOCK.findall(text)]


def shortened(printed: Any, like: Any) -> Any:
    """What was printed, less the members that the page leaves out."""
    if isinstance(like, dict) and isinstance(printed, dict):
        return {name: shortened(printed.get(name), value) for name, value in like.items()}
    if isinstance(like, list) and isinstance(printed, list):
        short = [shortened(one, two) for one, two in zip(printed, like, strict=False)]
        return [*short, *printed[len(like) :]]
    return printed


def assert_named(cell: str) -> None:
    """Require a cell that names tests, and that there are these tests."""
    named = TEST.findall(cell)
    assert ", ".join(f"`{path}::{name}`" for path, name in named) == cell
    for path, name in named:
        assert name in functions_of(path), f"{path}::{name}"


@cache
def functions_of(path: str) -> frozenset[str]:
    """The functions in a file, tests among them."""
    tree = ast.parse(read(ROOT / path))
    return frozenset(
        node.name for node in tree.body if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    )
