"""Doctor: the command checks the set-up and says how to mend what is wrong."""

from dataclasses import asdict

import typer
from pydantic import ValidationError
from rich.markup import escape

from service.cli.finding import Finding, State, skipped, wrong
from service.cli.output import FAILED, AsJson, out, print_json
from service.cli.running import misspelt_variables, run_with, settings_faults
from service.observability.logs import configure
from service.settings import Settings

MARKS = {
    State.OK: "[green]ok     [/]",
    State.WARNING: "[yellow]warning[/]",
    State.WRONG: "[red]wrong  [/]",
    State.SKIPPED: "skipped",
}


def doctor(*, as_json: AsJson = False) -> None:
    """Check the set-up and say how to mend it; exit code 1 if anything is wrong."""
    from service.cli import checks_of_database, checks_of_machine  # noqa: PLC0415  slow to load

    findings = [checks_of_machine.python(), checks_of_machine.dependencies()]
    findings += [
        wrong("settings", slip, "See docs/reference/configuration.md.")
        for slip in misspelt_variables()
    ]
    try:
        settings = Settings()
    except ValidationError as error:
        findings += [
            wrong("settings", fault, "See docs/reference/configuration.md.")
            for fault in settings_faults(error)
        ]
        findings.append(skipped("everything else", "the settings come first"))
    else:
        configure("error", settings.log_format)
        findings += checks_of_machine.with_settings(settings)
        findings += run_with(settings, checks_of_database.with_settings)
    _show(findings, as_json=as_json)
    if any(finding.state is State.WRONG for finding in findings):
        raise typer.Exit(FAILED)


def _show(findings: list[Finding], *, as_json: bool) -> None:
    if as_json:
        print_json([asdict(finding) for finding in findings])
        return
    console = out()
    for finding in findings:
        console.print(f"{MARKS[finding.state]} {finding.check}: {escape(finding.says)}")
        if finding.mend:
            console.print(f"        mend: {escape(finding.mend)}")
