"""Tasks: what becomes of them, who answers, what waits, as of any day."""
