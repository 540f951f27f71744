"""The documentation says what the code does: every event, setting, problem, verb and question."""

import re
from pathlib import Path

import pytest

from domain.kernel import EVENT_TYPES
from service import reference
from service.app import VERBS, create_app
from service.http.problems import problem_types
from service.settings import Settings, variable
from tests.pages import DOCS, PAGES, README, ROOT, blocks, read

REFERENCE = DOCS / "reference"
LONGEST_README = 150
LINK = re.compile(r"\]\((?!https?:)([^)\s#]*)(?:#([^)\s]+))?\)")
FENCED = re.compile(r"^ *```.*?^ *```$", re.MULTILINE | re.DOTALL)


def test_generated_pages_are_as_the_code_has_them() -> None:
    for path, text in reference.pages().items():
        assert read(path) == text, f"{path.name}: {reference.RENEW}"


def test_every_page_of_the_reference_is_generated() -> None:
    assert set(reference.pages()) == set(REFERENCE.iterdir())


def test_every_type_of_event_is_documented() -> None:
    page = read(REFERENCE / "events.md")
    ours = [name for name, kind in EVENT_TYPES.items() if kind.__module__.startswith("domain.")]
    assert ours
    assert [name for name in ours if f"## `{name}`" not in page] == []


def test_every_setting_is_documented_and_says_what_it_is() -> None:
    page = read(REFERENCE / "configuration.md")
    for name, field in Settings.model_fields.items():
        assert f"| `{variable(name)}` |" in page
        assert field.description, name


def test_every_problem_is_documented_in_both_languages() -> None:
    page = read(REFERENCE / "problems.md")
    assert [name for name in problem_types() if f"| `{name}` |" not in page] == []


def test_every_verb_is_documented() -> None:
    page = read(REFERENCE / "verbs.md")
    paths = [verb.path for verbs in VERBS for verb in verbs]
    assert [path for path in paths if f"| `{path}` |" not in page] == []


def test_every_question_and_what_narrows_it_is_documented() -> None:
    page = read(REFERENCE / "questions.md")
    questions = {
        path: methods["get"]
        for path, methods in create_app(Settings.model_construct()).openapi()["paths"].items()
        if "get" in methods
    }
    assert len(questions) > 50
    for path, question in questions.items():
        text = page.split(f"\n### `{path}`\n", 1)[1].split("\n##", 1)[0]
        names = {param["name"] for param in question.get("parameters", ()) if param["in"] != "path"}
        assert [name for name in names if f"`{name}`" not in text] == [], path


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_token_stands_among_the_words_of_a_command(page: Path) -> None:
    """Everybody on a host can read them."""
    commands = "\n".join(block.text for block in blocks(read(page)))
    assert re.findall(r"--(?:approver-)?token\b(?!-file).*", commands) == []
    assert re.findall(r"(?:-H|--header)\s+[\"']?Authorization.*", commands) == []


def test_the_readme_is_finished_in_a_few_minutes() -> None:
    assert len(read(README).splitlines()) <= LONGEST_README


def test_the_readme_shows_the_picture_of_the_architecture() -> None:
    (picture,) = (block for block in blocks(read(README)) if block.language == "text")
    assert picture in blocks(read(DOCS / "architecture.md"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_within_the_documentation_lead_somewhere(page: Path) -> None:
    for target, anchor in LINK.findall(FENCED.sub("", read(page))):
        file = page.parent / target if target else page
        assert file.exists(), target
        if anchor:
            assert anchor in anchors(file), f"{target}#{anchor}"


def test_every_page_is_reached_from_the_readme() -> None:
    reached: set[Path] = set()
    waiting = [README]
    while waiting:
        page = waiting.pop()
        if page.suffix == ".md" and page not in reached:
            reached.add(page)
            waiting += [(page.parent / target).resolve() for target, _ in LINK.findall(read(page))]
    assert [page for page in PAGES if page not in reached] == []


def test_decisions_are_numbered_without_a_gap_and_have_one_shape() -> None:
    records = sorted((DOCS / "decisions").glob("*.md"))
    for number, record in enumerate(records, start=1):
        assert record.name.startswith(f"{number:04d}-")
        text = read(record)
        assert text.startswith(f"# {number}. ")
        for part in ("Context", "Decision", "Consequences", "Alternatives"):
            assert f"**{part}.**" in text, f"{record.name}: {part}"


def anchors(page: Path) -> set[str]:
    """Its headings, as links name them."""
    headings = re.findall(r"^#+ (.+)$", FENCED.sub("", read(page)), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
