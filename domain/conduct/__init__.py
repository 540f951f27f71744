"""Conduct: what inspectors find of an official, by the catalogue of manifestations; and replies."""
