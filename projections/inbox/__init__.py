"""Inbox: what awaits one official or one body on any day, and the verb that answers it."""
