"""Monitoring: one leading official follows each commune and writes of it, as do others."""
