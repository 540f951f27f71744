"""Access: tokens identify the caller, and roles say what a caller may do."""
