"""Breakthrough tasks: their life from registration or commission to completion and score."""
