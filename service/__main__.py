"""`python -m service` is `giaoviec`, also where the package is not installed."""

from service.cli import app

app(prog_name="giaoviec")
