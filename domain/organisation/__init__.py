"""The organisation: units, the posts in them, officials, and who held which post when."""
