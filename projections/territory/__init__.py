"""Territory: what units come from and became, and what still hangs on those that ended."""
