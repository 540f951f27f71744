"""The documentation says what the code does: every event, setting, problem and verb."""

import re

from domain.kernel import EVENT_TYPES
from service import reference
from service.app import VERBS
from service.http.problems import problem_types
from service.settings import Settings, variable
from tests.readme import README

DOCS = README.parent / "docs"


def test_generated_pages_are_as_the_code_has_them() -> None:
    for path, text in reference.pages().items():
        assert path.read_text(encoding="utf-8") == text, f"{path.name}: {reference.RENEW}"


def test_every_type_of_event_is_documented() -> None:
    page = (DOCS / "events.md").read_text(encoding="utf-8")
    ours = [name for name, kind in EVENT_TYPES.items() if kind.__module__.startswith("domain.")]
    assert ours
    assert [name for name in ours if f"## `{name}`" not in page] == []


def test_every_setting_is_documented_and_says_what_it_is() -> None:
    page = README.read_text(encoding="utf-8")
    for name, field in Settings.model_fields.items():
        assert f"| `{variable(name)}` |" in page
        assert field.description, name


def test_every_problem_is_documented_in_both_languages() -> None:
    page = (DOCS / "problems.md").read_text(encoding="utf-8")
    assert [name for name in problem_types() if f"| `{name}` |" not in page] == []


def test_every_verb_is_documented() -> None:
    page = README.read_text(encoding="utf-8")
    paths = [verb.path for verbs in VERBS for verb in verbs]
    assert [path for path in paths if f"| `{path}` |" not in page] == []


def test_links_within_the_documentation_lead_somewhere() -> None:
    for page in (README, *DOCS.rglob("*.md")):
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", page.read_text(encoding="utf-8")):
            assert (page.parent / target).exists(), f"{page.name}: {target}"


def test_decisions_are_numbered_without_a_gap_and_have_one_shape() -> None:
    records = sorted((DOCS / "decisions").glob("*.md"))
    for number, record in enumerate(records, start=1):
        assert record.name.startswith(f"{number:04d}-")
        text = record.read_text(encoding="utf-8")
        assert text.startswith(f"# {number}. ")
        for part in ("Context", "Decision", "Consequences", "Alternatives"):
            assert f"**{part}.**" in text, f"{record.name}: {part}"
