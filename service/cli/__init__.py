"""The command line: `giaoviec`. Exit codes: 0 done, 1 failed, 2 not understood."""

import typer

from service.cli import data, demo, doctor, imports, ledgers, projections, serving, tokens

app = typer.Typer(
    name="giaoviec",
    help="Giao Việc: breakthrough tasks of officials, as a record that can be proved.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command()(serving.serve)
app.command()(demo.demo)
app.command()(serving.migrate)
app.command("import")(imports.import_)
app.add_typer(tokens.app)
app.add_typer(projections.app)
app.add_typer(ledgers.app)
app.add_typer(data.app)
app.command()(doctor.doctor)
