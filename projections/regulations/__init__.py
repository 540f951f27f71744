"""Regulations: those that are written as files, revision by revision, as of any day."""
