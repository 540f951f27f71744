"""Access: who may do what to what. One table of rules, and the relations that they ask for."""
