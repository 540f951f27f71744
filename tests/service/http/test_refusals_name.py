"""What a refusal about a task says: which task it is about, to readers of either language."""

import re
from inspect import cleandoc

import pytest

from domain.kernel import Refusal
from service.http.problems import problem_types

# About an organisation that a task names, or about two tasks, each of which is named.
OTHERWISE = {"NotAnAdvisoryAgency", "NotTheProposer", "TasksNotLinked"}
ABOUT_TASKS = [
    refusal
    for refusal in problem_types().values()
    if refusal.__module__.startswith("domain.tasks.") and refusal.__name__ not in OTHERWISE
]


@pytest.mark.parametrize("refusal", ABOUT_TASKS, ids=lambda refusal: str(refusal.__name__))
def test_a_refusal_about_a_task_names_it_in_both_languages(refusal: type[Refusal]) -> None:
    sentences = cleandoc(refusal.__doc__ or "").split("\n\n")[:2]
    for sentence in sentences:
        assert "task_id" in re.findall(r"\{(\w+)\}", sentence)
