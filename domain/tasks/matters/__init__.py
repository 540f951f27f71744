"""Matters: what hangs on a task and is opened once and settled once."""
