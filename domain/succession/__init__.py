"""Succession: officials leave and units change; what hung on them goes on, or is left on record."""
