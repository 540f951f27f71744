"""Every refusal says what stops you, in English and in Vietnamese."""

import ast
import importlib
import pkgutil
from inspect import cleandoc, getsource
from string import Formatter
from typing import Any

import pytest

import domain
from domain.kernel import Command, Refusal


def _subclasses(parent: type) -> list[Any]:
    children: list[Any] = parent.__subclasses__()
    return [found for child in children for found in (child, *_subclasses(child))]


for module in pkgutil.walk_packages(domain.__path__, "domain."):
    importlib.import_module(module.name)

REFUSALS = [r for r in _subclasses(Refusal) if r.__module__.startswith("domain.")]
COMMANDS = [
    c
    for c in _subclasses(Command)
    if c.__module__.startswith("domain.") and "PARAMETERS" in vars(c)
]


def _facts(text: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(text) if name}


@pytest.mark.parametrize("refusal", REFUSALS, ids=lambda r: r.__name__)
def test_a_refusal_is_written_in_both_languages_with_the_same_facts(
    refusal: type[Refusal],
) -> None:
    english, vietnamese = cleandoc(refusal.__doc__ or "").split("\n\n")
    extensions = [
        {name for _, name, _, _ in Formatter().parse(text) if name}
        for text in (english, vietnamese)
    ]
    assert extensions[0] == extensions[1]
    assert english.endswith((".", "`."))
    assert vietnamese.endswith((".", "`."))


@pytest.mark.parametrize("command", COMMANDS, ids=lambda c: c.__name__)
def test_a_command_declares_every_refusal_it_raises_itself(command: type[Command[Any]]) -> None:
    declared = {refusal.__name__ for refusal in command.REFUSALS}
    raised = {
        ast.unparse(node.exc).partition("(")[0]
        for node in ast.walk(ast.parse(getsource(command)))
        if isinstance(node, ast.Raise) and node.exc is not None
    }
    assert raised <= declared
