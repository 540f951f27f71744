"""Appraisal: the ratings decided, and those whose facts were annulled since."""
