"""Samples: regulations as files, shipped to begin from. None of them is an official text.

The national ones say what newspapers and legal sites report; the provincial texts are not public.
What a file assumes where its sources are silent, its comments say.
"""

from pathlib import Path

FOLDER = Path(__file__).parent


def names() -> tuple[str, ...]:
    """What the samples are called."""
    return tuple(sorted(file.stem for file in FOLDER.glob("*.yaml")))


def text(name: str) -> str:
    """The sample's file.

    Raises:
        KeyError: there is none of that name.
    """
    if name not in names():
        raise KeyError(name)
    return (FOLDER / f"{name}.yaml").read_text(encoding="utf-8")
