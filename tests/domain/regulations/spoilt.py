"""A regulation's file for tests, and copies of it with some text replaced."""

from domain.regulations import samples
from domain.regulations.files.checking import Checked
from domain.regulations.policies import checked
from domain.regulations.vocabulary_1.policy import Policy

SAMPLE = samples.text("mau-01")


def spoilt(*replaced: tuple[str, str]) -> str:
    """The sample with each of these texts, which it must have, replaced by the other."""
    text = SAMPLE
    for old, new in replaced:
        assert old in text, old
        text = text.replace(old, new)
    return text


def lines(source: str, language: str = "vi") -> list[str]:
    """What the check says of the file, line by line."""
    return [fault.line("bad.yaml", language) for fault in checked(source).faults]


def policy(*replaced: tuple[str, str]) -> Policy:
    """The policy of such a copy, which has no fault."""
    found: Checked[Policy] = checked(spoilt(*replaced))
    assert found.policy is not None, found.faults
    return found.policy
