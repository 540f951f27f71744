"""Territory: lists of units and conversion tables, compared with what the ledger has of the day."""
