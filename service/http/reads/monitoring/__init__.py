"""Reads of monitoring: papers, visits, what was asked and answered, cell attendance."""
