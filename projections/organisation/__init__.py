"""Organisation: units, posts, officials and tenures of any day."""
