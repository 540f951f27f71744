"""Regulations: what the rules in force say, as versioned data; adopted, never coded."""
