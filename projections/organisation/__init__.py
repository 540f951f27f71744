"""Organisation: units, posts, officials and tenures of any day, and what hangs on ended units."""
