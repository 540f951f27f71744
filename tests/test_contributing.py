"""The page for contributors names files that exist, and all the files that a change touches."""

import ast
import re
from collections.abc import Iterator

import pytest

from tests.pages import DOCS, ROOT, read, section

PAGE = DOCS / "contributing.md"
PRODUCTION = ("domain", "projections", "service")
PATH = re.compile(r"`([a-z][\w.-]*/(?:[\w.-]+/?)*)`")
LISTED = re.compile(r"^- `([\w./-]+)`", re.MULTILINE)


@pytest.mark.parametrize("path", sorted(set(PATH.findall(read(PAGE)))))
def test_every_path_that_the_page_names_exists(path: str) -> None:
    assert (ROOT / path).exists()


# The lists of files by change. A change to the code that adds a file to one of them, or
# takes one away, changes the page in the same commit.


def test_a_verb_touches_the_files_that_the_page_lists() -> None:
    touched = importers("domain.tasks.work.effects") | quoting(
        "domain.tasks.work.effects",
        "task.effect_recorded",
        "/tasks/{task_id}/record-effect",
        "record_effect",
    )
    assert touched == listed("To add a verb")


def test_a_list_touches_the_files_that_the_page_lists() -> None:
    touched = importers("projections.tasks.vacancies") | quoting("vacancies", "list_vacancies")
    touched |= naming("days_vacant")  # a field of this list alone
    assert touched == listed("To add a list")


def test_a_field_of_an_event_touches_the_files_that_the_page_lists() -> None:
    assert naming("original_due_on") == listed("To add a field to an event")


def listed(heading: str) -> set[str]:
    """The files of production that the section lists."""
    paths = LISTED.findall(section(PAGE, heading))
    return {path for path in paths if path.startswith(PRODUCTION)}


def sources() -> Iterator[tuple[str, str]]:
    """Every file of production, and its text."""
    for folder in PRODUCTION:
        for path in (ROOT / folder).rglob("*.py"):
            yield str(path.relative_to(ROOT)), read(path)


def importers(module: str) -> set[str]:
    """The module's own file, and those that import it or from it."""
    own = f"{module.replace('.', '/')}.py"
    return {own} | {
        path
        for path, text in sources()
        for node in ast.walk(ast.parse(text))
        if module in imported(node)
    }


def imported(node: ast.AST) -> set[str]:
    """The modules that a statement may import; names in modules count, too."""
    if isinstance(node, ast.Import):
        return {alias.name for alias in node.names}
    if isinstance(node, ast.ImportFrom) and node.module is not None:
        return {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return set()


def quoting(*texts: str) -> set[str]:
    """The files with one of these strings."""
    return {
        path
        for path, text in sources()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and node.value in texts
    }


def naming(word: str) -> set[str]:
    """The files in which the word stands."""
    return {path for path, text in sources() if re.search(rf"\b{word}\b", text)}


def test_importers_are_seen_however_they_import() -> None:
    statements = (
        "import projections.tasks.vacancies",
        "from projections.tasks import vacancies",
        "from projections.tasks.vacancies import VACANCIES",
    )
    for statement in statements:
        (node,) = ast.parse(statement).body
        assert "projections.tasks.vacancies" in imported(node)
