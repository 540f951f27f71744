"""The README as a test reads it: its sections, and what stands in their blocks."""

import re
from pathlib import Path
from typing import NamedTuple

README = Path(__file__).parents[1] / "README.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```$", re.MULTILINE | re.DOTALL)


class Block(NamedTuple):
    """A fenced block: `sh` is to be run, `json` is the last line it prints, shortened."""

    language: str
    text: str


def section(heading: str) -> str:
    """What stands under the heading, up to the next of the same level."""
    text = README.read_text(encoding="utf-8")
    return text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]


def blocks(text: str) -> list[Block]:
    return [Block(*found) for found in BLOCK.findall(text)]
