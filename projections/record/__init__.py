"""The record's own two clocks: what is to take effect, and what was recorded long after its day."""
