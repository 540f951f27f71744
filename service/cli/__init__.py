"""The command line: `giaoviec`. Exit codes: 0 done, 1 failed, 2 not understood."""

import typer

from service.cli import demo, doctor, imports, ledgers, projections, restored, serving, tokens

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
app.command()(restored.restored)
app.command("import")(imports.import_)
app.add_typer(tokens.app)
app.add_typer(projections.app)
app.add_typer(ledgers.app)
app.command()(doctor.doctor)
