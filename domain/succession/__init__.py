"""Succession: officials leave; what hung on them goes on, or is left on record."""
