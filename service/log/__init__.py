"""The log: one append-only sequence of events per ledger, and the only source of truth."""
