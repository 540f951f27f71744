"""Appraisal: how officials are rated by the regulation in force, and the facts that it needs."""
