"""Who monitors which commune: agencies and quotas, assignment, replacement, release."""
