"""Listening: what those share who read the events of a ledger: their form, cursors and tail."""
