"""Duties: papers that a regulation asks for of tasks and in cycles, and those that are missing."""
