"""Reads of monitoring that are computed here: its figures."""
