"""Access: who calls, by which token, and what their role lets them do."""
