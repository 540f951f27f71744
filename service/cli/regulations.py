"""Regulations: commands about a regulation's file before it is adopted.

They need no database: the file alone is read.
"""

from pathlib import Path
from typing import Annotated

import typer

from domain.regulations import samples
from domain.regulations.files.checking import Checked
from domain.regulations.files.faults import Unreadable
from domain.regulations.files.tree import decoded
from domain.regulations.policies import checked
from domain.regulations.vocabulary_1.policy import Policy
from service.cli.output import FAILED, AsJson, err, print_json
from service.language import Language
from service.regulation_files import RuleSentence, differences_of, faults_of, rules_of

app = typer.Typer(
    name="regulations",
    help="Regulations as files: check, explain, diff, sample.",
    no_args_is_help=True,
    add_completion=False,
)
OfFile = typer.Argument(exists=True, dir_okay=False, readable=True, help="A regulation in YAML.")
InLanguage = Annotated[Language, typer.Option("--language", help="Of the faults: vi or en.")]


@app.command()
def check(
    file: Annotated[Path, OfFile], *, language: InLanguage = "vi", as_json: AsJson = False
) -> None:
    """Print every fault as `file:line:column: path: what`; exit code 1 if there is one.

    A line that says `lưu ý` is advice: the file may be adopted all the same.
    """
    found = _read(file)
    if as_json:
        print_json([fault.model_dump() for fault in faults_of(found, language)])
    else:
        _print_faults(file, found, language)
    if found.policy is None:
        raise typer.Exit(FAILED)
    err().print(f"{file.name}: no fault; vocabulary {found.policy.vocabulary}.")


@app.command()
def explain(file: Annotated[Path, OfFile], *, as_json: AsJson = False) -> None:
    """Say in Vietnamese what each rule of the file means, by its line."""
    rules = rules_of(_without_fault(file))
    if as_json:
        print_json([rule.model_dump() for rule in rules])
        return
    for rule in rules:
        typer.echo(f"[{rule.line:2}] {rule.sentence}")


@app.command()
def diff(
    old: Annotated[Path, OfFile], new: Annotated[Path, OfFile], *, as_json: AsJson = False
) -> None:
    """Say rule by rule what the new file changes of the old one."""
    changes = differences_of(_without_fault(old), _without_fault(new))
    if as_json:
        print_json([change.model_dump() for change in changes])
        return
    for change in changes:
        _print_rule("-", old, change.old)
        _print_rule("+", new, change.new)
    if not changes:
        err().print("Both files say the same.")


@app.command()
def sample(
    name: Annotated[
        str | None, typer.Argument(help="Of the sample; all are listed without.")
    ] = None,
) -> None:
    """Print a sample to begin from, or the names of all. None of them is an official text."""
    if name is None:
        for one in samples.names():
            typer.echo(one)
    elif name in samples.names():
        typer.echo(samples.text(name), nl=False)
    else:
        raise typer.BadParameter(f"there are {', '.join(samples.names())}", param_hint="NAME")


def _print_rule(sign: str, file: Path, rule: RuleSentence | None) -> None:
    if rule is not None:
        typer.echo(f"{sign} {file.name}:{rule.line}: {rule.sentence}")


def _print_faults(file: Path, found: Checked[Policy], language: Language) -> None:
    for fault in found.faults:
        typer.echo(fault.line(file.name, language))


def _read(file: Path) -> Checked[Policy]:
    try:
        return checked(decoded(file.read_bytes()))
    except Unreadable as unreadable:
        return Checked(None, unreadable.faults, {})


def _without_fault(file: Path) -> Checked[Policy]:
    """The file's policy; the command ends with its faults if it has any."""
    found = _read(file)
    if found.policy is None:
        _print_faults(file, found, "vi")
        raise typer.Exit(FAILED)
    return found
