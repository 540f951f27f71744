"""Monitoring: the papers and visits of monitors, and who attends which party cell."""
