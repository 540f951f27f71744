"""Observability: the log lines and metrics of the running service."""
