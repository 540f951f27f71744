"""Hà Nội, 2023: 712 delayed projects as one task's cases, its monthly duty, and 23 targets."""
