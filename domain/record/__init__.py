"""The record itself: what was recorded wrongly is annulled or replaced, and what then holds."""
