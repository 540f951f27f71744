"""Migrations: how the schemas `log`, `access` and `read` came to be, revision by revision."""
